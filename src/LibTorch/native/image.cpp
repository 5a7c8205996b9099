// Image files to floats and back, through OpenCV's imgcodecs. Headers and sizes are checked on the managed side first.
#include "bridge.h"

#if __has_include(<opencv2/imgcodecs.hpp>)
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>

#include <cstdio>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <streambuf>
#include <string>

namespace {

// OpenCV and the decoders behind it report a damaged file on the standard error stream. While a thread decodes, what it writes
// there is kept instead: the managed side says it in its own words. Other threads' text passes.
thread_local std::string* kept = nullptr;

void keep(const char* text, size_t count) {
  if (kept->size() < 4096) kept->append(text, count);
}

// What C code calls stderr: a variable, in the GNU C library.
ssize_t write_stderr(void* behind, const char* text, size_t count) {
  if (kept != nullptr) keep(text, count);
  else std::fwrite(text, 1, count, static_cast<FILE*>(behind));
  return static_cast<ssize_t>(count);
}

// What C++ code calls std::cerr.
class ErrorBuffer : public std::streambuf {
 public:
  explicit ErrorBuffer(std::streambuf* behind) : behind_(behind) {}

 protected:
  int overflow(int c) override {
    const char one = static_cast<char>(c);
    return c == EOF || xsputn(&one, 1) == 1 ? 0 : EOF;
  }

  std::streamsize xsputn(const char* text, std::streamsize count) override {
    if (kept == nullptr) return behind_->sputn(text, count);
    keep(text, static_cast<size_t>(count));
    return count;
  }

  int sync() override { return behind_->pubsync(); }

 private:
  std::streambuf* behind_;
};

bool install() {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::redirectError([](int, const char*, const char*, const char*, int, void*) { return 0; });
  std::cerr.rdbuf(new ErrorBuffer(std::cerr.rdbuf()));
  cookie_io_functions_t functions = {nullptr, write_stderr, nullptr, nullptr};
  if (FILE* stream = fopencookie(stderr, "w", functions)) {
    std::setvbuf(stream, nullptr, _IONBF, 0);
    stderr = stream;
  }
  return true;
}

struct Quietly {
  Quietly() {
    static const bool installed = install();
    static_cast<void>(installed);
    kept = &said;
  }
  ~Quietly() { kept = nullptr; }

  std::string said;
};

// Pixels that libjpeg made up. It also complains of harmless things, such as bytes between segments.
bool is_patched(const std::string& said) {
  for (const char* complaint : {"premature end of data", "Premature end of JPEG", "bad Huffman code", "bad progression"})
    if (said.find(complaint) != std::string::npos) return true;
  return false;
}

float full_intensity(int depth) {
  switch (depth) {
    case CV_8U: return 255;
    case CV_8S: return 127;
    case CV_16U: return 65535;
    case CV_16S: return 32767;
    case CV_32S: return static_cast<float>(std::numeric_limits<int32_t>::max());
    default: return 1;
  }
}

// OpenCV keeps blue, green, red; the managed side red, green, blue. The map is its own inverse.
int other_order(int channel, int channels) { return channels >= 3 && channel < 3 ? 2 - channel : channel; }

void copy_pixels(const cv::Mat& image, float* values) {
  cv::Mat floats;
  image.convertTo(floats, CV_32F);
  const int channels = floats.channels();
  for (int y = 0; y < floats.rows; y++) {
    const float* row = floats.ptr<float>(y);
    for (int x = 0; x < floats.cols; x++, row += channels, values += channels)
      for (int c = 0; c < channels; c++) values[c] = row[other_order(c, channels)];
  }
}

template <class T>
cv::Mat quantised(const float* values, int width, int height, int channels, float scale) {
  cv::Mat image(height, width, CV_MAKETYPE(cv::DataType<T>::depth, channels));
  for (int y = 0; y < height; y++) {
    T* row = image.ptr<T>(y);
    for (int x = 0; x < width; x++, row += channels, values += channels)
      for (int c = 0; c < channels; c++) row[other_order(c, channels)] = cv::saturate_cast<T>(values[c] * scale);
  }
  return image;
}

}  // namespace

// The values are freed with mi_free. `oriented`: turn the image as its EXIF record says (drops an alpha channel).
MI_EXPORT const char* mi_image_decode(const uint8_t* file, int64_t size, bool oriented, int32_t* width, int32_t* height, int32_t* channels,
                                      float* maximum, float** values) {
  return mi::guarded([&] {
    const Quietly quietly;
    const cv::Mat bytes(1, static_cast<int>(size), CV_8U, const_cast<uint8_t*>(file));
    const cv::Mat image = cv::imdecode(bytes, oriented ? cv::IMREAD_ANYCOLOR | cv::IMREAD_ANYDEPTH : cv::IMREAD_UNCHANGED);
    if (image.empty()) throw std::invalid_argument("its data cannot be decoded, or are of an unsupported kind");
    if (is_patched(quietly.said)) throw std::invalid_argument("a part of its pixels cannot be decoded");
    *width = image.cols;
    *height = image.rows;
    *channels = image.channels();
    *maximum = full_intensity(image.depth());
    *values = static_cast<float*>(mi::allocate(image.total() * image.channels() * sizeof(float)));
    copy_pixels(image, *values);
  });
}

// Extension ".png" or ".jpg"; `scale` brings the values to 0…255, or to 0…65535 with `wide`. The bytes are freed with mi_free.
MI_EXPORT const char* mi_image_encode(const float* values, int32_t width, int32_t height, int32_t channels, float scale, bool wide,
                                      const char* extension, int32_t quality, uint8_t** file, int64_t* size) {
  return mi::guarded([&] {
    const Quietly quietly;
    const cv::Mat image = wide ? quantised<uint16_t>(values, width, height, channels, scale) : quantised<uint8_t>(values, width, height, channels, scale);
    std::vector<int> settings;
    if (quality > 0) settings = {cv::IMWRITE_JPEG_QUALITY, quality};
    std::vector<uint8_t> bytes;
    if (!cv::imencode(extension, image, bytes, settings)) throw std::runtime_error("the image library cannot encode it");
    *file = static_cast<uint8_t*>(mi::allocate(bytes.size()));
    std::copy(bytes.begin(), bytes.end(), *file);
    *size = static_cast<int64_t>(bytes.size());
  });
}

#else

static const char* absent() {
  return mi::keep_error("the native bridge was built without OpenCV: install libopencv-imgcodecs-dev and build it again");
}

MI_EXPORT const char* mi_image_decode(const uint8_t*, int64_t, bool, int32_t*, int32_t*, int32_t*, float*, float**) { return absent(); }

MI_EXPORT const char* mi_image_encode(const float*, int32_t, int32_t, int32_t, float, bool, const char*, int32_t, uint8_t**, int64_t*) { return absent(); }

#endif
