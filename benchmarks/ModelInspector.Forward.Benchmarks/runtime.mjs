// Median milliseconds of one forward by ONNX Runtime: node runtime.mjs FILE BATCH THREADS, with onnxruntime-node in tests/peers.
import { createRequire } from 'node:module';

const ort = createRequire(new URL('../../tests/peers/', import.meta.url))('onnxruntime-node');
const [file, batch, threads] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3, intraOpNumThreads: threads });
const values = Float32Array.from({ length: batch * 3 * 224 * 224 }, (_, i) => Math.sin(i * 0.37));
const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', values, [batch, 3, 224, 224]) };
const times = [];
const begin = performance.now();
while (times.length < 8 || (performance.now() - begin < 8000 && times.length < 60)) {
  const start = performance.now();
  await session.run(feeds);
  times.push(performance.now() - start);
}
const rest = times.slice(3).sort((a, b) => a - b);
console.log(rest[Math.floor(rest.length / 2)].toFixed(2));
