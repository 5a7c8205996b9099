import { download, drawEverything } from "../dom";

const STYLES = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor", "display"];

/** An SVG as a file of its own: computed styles written out, on the page's background. */
export function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [from, to] = [[svg, ...svg.querySelectorAll<SVGElement>("*")], [copy, ...copy.querySelectorAll<SVGElement>("*")]];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of STYLES) to[i]!.setAttribute(name, style.getPropertyValue(name));
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(svg.clientWidth || svg.getAttribute("width")));
  copy.setAttribute("height", String(svg.clientHeight || svg.getAttribute("height")));
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of [["width", "100%"], ["height", "100%"], ["fill", getComputedStyle(document.documentElement).getPropertyValue("--page")]] as const) ground.setAttribute(name, value);
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}

export function saveSvg(svg: SVGSVGElement, name: string): void {
  download(`${name}.svg`, standalone(svg), "image/svg+xml");
}

/** Everything drawn inside an element — SVG and canvases — as one PNG, twice as fine as the screen. */
export async function savePng(element: HTMLElement, name: string): Promise<void> {
  drawEverything();
  const drawn = [...element.querySelectorAll<SVGSVGElement | HTMLCanvasElement>("svg, canvas")].filter((node) => node.clientWidth > 0);
  if (drawn.length === 0) return;
  const boxes = drawn.map((node) => node.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left)), top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.right)), bottom = Math.max(...boxes.map((box) => box.bottom));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * (right - left), 2 * (bottom - top)];
  const context = canvas.getContext("2d")!;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--page");
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const [i, node] of drawn.entries()) {
    const box = boxes[i]!;
    const picture = node instanceof HTMLCanvasElement ? node : await load(standalone(node));
    context.drawImage(picture, 2 * (box.left - left), 2 * (box.top - top), 2 * box.width, 2 * box.height);
  }
  canvas.toBlob((blob) => { if (blob) download(`${name}.png`, blob); }, "image/png");
}

async function load(svg: string): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = url;
  await image.decode();
  URL.revokeObjectURL(url);
  return image;
}
