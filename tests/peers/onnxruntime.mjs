// Runs an ONNX model with ONNX Runtime: node onnxruntime.mjs MODEL OUTPUT-FOLDER (NAME TYPE SHAPE FILE)…
// FILE holds raw elements; each output is written to OUTPUT-FOLDER/INDEX.TYPE as raw elements.
import { readFileSync, writeFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const arrays = { float32: Float32Array, float16: Uint16Array };
const [model, folder, ...given] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
const feeds = {};
for (let i = 0; i < given.length; i += 4) {
  const [name, type, shape, file] = given.slice(i, i + 4);
  const bytes = Uint8Array.from(readFileSync(file));
  feeds[name] = new ort.Tensor(type, new arrays[type](bytes.buffer), shape.split(',').map(Number));
}
const outputs = await session.run(feeds);
session.outputNames.forEach((name, index) => {
  const { data, type } = outputs[name];
  writeFileSync(`${folder}/${index}.${type}`, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
});
