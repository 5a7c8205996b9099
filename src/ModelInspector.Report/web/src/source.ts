import type { Id, Manifest } from "./contract";

/** Where a page's data come from: inside the page, or beside it. */
export interface Source {
  readonly manifest: Manifest;
  block(id: Id): Promise<Uint8Array<ArrayBuffer>>;
}

/** Opens the source that the page names in its manifest element. */
export function openSource(document: Document): Source {
  const element = document.getElementById("mi:manifest");
  if (!element) throw new Error("This page holds no manifest. It was cut short; ask for the file again.");
  const manifest = JSON.parse(element.textContent ?? "") as Manifest;
  if (manifest.schema !== "mi/1") throw new Error(`This page's data are of version ${manifest.schema}, its viewer reads mi/1.`);
  const folder = element.dataset.folder;
  return folder === undefined ? inline(manifest, document) : chunks(manifest, document, folder);
}

function inline(manifest: Manifest, document: Document): Source {
  const parsed = document.readyState === "loading"
    ? new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }))
    : Promise.resolve();
  return {
    manifest,
    async block(id) {
      if (!document.getElementById(`mi:${id}`)) await parsed;
      const element = document.getElementById(`mi:${id}`);
      if (!element) throw new Error(`Block ${id} is missing: the page was cut short.`);
      return unpack(manifest, id, element.textContent ?? "");
    },
  };
}

/** A page from file:// may not fetch files, but it may load scripts: each block is one that calls MI.put. */
function chunks(manifest: Manifest, document: Document, folder: string): Source {
  const waiting = new Map<Id, (text: string) => void>();
  Object.assign(globalThis, { MI: { put: (id: Id, text: string) => waiting.get(id)?.(text) } });
  const trusted = trustedUrls();
  return {
    manifest,
    block: (id) =>
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        waiting.set(id, (text) => { waiting.delete(id); script.remove(); unpack(manifest, id, text).then(resolve, reject); });
        script.onerror = () => reject(new Error(`${decodeURIComponent(folder)}/${id}.js is missing: keep the folder beside the page.`));
        script.src = trusted(`${folder}/${encodeURIComponent(id)}.js`) as string;
        document.head.append(script);
      }),
  };
}

type Policy = { createScriptURL(url: string): unknown };
function trustedUrls(): (url: string) => unknown {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy } }).trustedTypes;
  const policy = types?.createPolicy("modelinspector", { createScriptURL: (url) => url });
  return (url) => (policy ? policy.createScriptURL(url) : url);
}

async function unpack(manifest: Manifest, id: Id, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = fromBase64(text.trim());
  if (manifest.blocks[id]?.type === "image") return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }).fromBase64;
  return native ? native.call(Uint8Array, text) : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
