import { html, type TemplateResult } from "lit-html";
import type { Id, ImageCodes } from "../contract";
import { number } from "../contract";
import type { Context } from "../context";
import { fit, paint, place } from "../dom";
import { figure as three, plural } from "../format";
import { prose, told } from "../view";
import { measured } from "./findings";

/** What an autoencoder of the images restores, and what each of its numbers does. */
export function imageCodes(context: Context, finding: ImageCodes): TemplateResult {
  const errors = finding.errors.map(number);
  return html`
    <li class="finding">
      <span class="finding-sign" aria-hidden="true">◆</span>
      <div>
        <h3><bdi>${finding.title}</bdi></h3>
        <p>An autoencoder squeezes every image into ${plural(finding.codes, "number")} and draws it again: what the numbers cannot hold is lost.</p>
        <div class="code-sheets">
          ${sheet(context, finding.reconstructions, "Images above, as they are restored below; the best restored first", finding.samples.map((sample, i) => `${told(context, sample).id}: error ${three(errors[i] ?? NaN)}`).join("; "))}
          ${sheet(context, finding.traversal, "A row a number: it goes from −2 to +2 standard deviations from left to right, the others stay at their means", "")}
        </div>
        <dl class="settings">${Object.entries(finding.figures).map(([name, value]) => html`<div><dt><bdi>${name}</bdi></dt><dd>${three(number(value))}</dd></div>`)}</dl>
        ${finding.warnings.map((warning) => html`<p class="note">${prose(warning)}</p>`)}
        ${measured(finding.from)}
      </div>
    </li>`;
}

function sheet({ run }: Context, id: Id, caption: string, said: string): TemplateResult {
  const image = run.block<ImageBitmap>(id);
  return html`
    <figure><canvas role="img" aria-label=${said ? `${caption}. ${said}` : caption} ${place({ "aspect-ratio": image ? `${image.width} / ${image.height}` : "4 / 1" })}
      ${paint((canvas) => {
        const { context, width, height } = fit(canvas);
        context.clearRect(0, 0, width, height);
        context.imageSmoothingEnabled = false;
        if (image) context.drawImage(image, 0, 0, width, height);
      }, image)}></canvas><figcaption>${caption}.</figcaption></figure>`;
}
