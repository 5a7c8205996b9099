using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Datasets.Phantom;

namespace ModelInspector.Samples;

/// <summary>The sample's README: what it is, how it was made, and the numbers that were just measured.</summary>
internal sealed record SampleReadme(SampleTraining Training, SampleResult Result, ulong Seed)
{
    public string Text => string.Create(CultureInfo.InvariantCulture, $"""
        # phantom-ct: contrast phases of an abdomen that nobody has

        Two small networks that tell the contrast phase of an abdominal CT slice (`{string.Join("`, `", PhantomImage.Classes)}`), and
        {Training.HeldOut * 5} held-out images. One network is honest; the other learned to read the letters in the corner.
        The slices are drawn, not scanned, so it is known which pixels cause the phase: the masks.

        | file | what it is |
        |---|---|
        | `clean.onnx`, `clean.dat` | trained with markers that say nothing: any letters, or none, by chance |
        | `shortcut.onnx`, `shortcut.dat` | trained with a marker that always names the phase |
        | `model.json` | how an image becomes the input of either network |
        | `held-out/` | {Training.HeldOut} patients, each in five phases: images, `masks/`, `labels.csv` |

        `.onnx` is opset 13 with any batch size, batch normalisation kept as layers of its own, and scores before soft-max. `.dat` is the same
        network as a TorchSharp state file for `ModelInspector.Samples.PhantomNet`.

        ## Accuracy on the held-out images

        | network | marker | images | right | accuracy |
        |---|---|---|---|---|
        {Rows("clean", Result.Clean)}
        {Rows("shortcut", Result.Shortcut)}

        `agrees`: the letters name the phase. `contradicts`: they name another one. `absent`: there are none.

        ## The images

        128 × 128 pixels, 8-bit grey, window {Window.Abdomen.Low:0} … {Window.Abdomen.High:0} HU. Columns of `labels.csv`:
        `file`, `label` (the phase), `mask`, `patient` (five images each: count patients, not images, in intervals), `scanner`
        (A – D: offset, noise and sharpness differ), `marker`, `level` (0: upper poles of the kidneys, 1: lower poles).

        Body, fat, muscles, spine, ribs, stomach, bowel and the scanner's table vary from patient to patient and are the same in every phase.
        Contrast agent changes the aorta and mesenteric artery, the caval, portal and hepatic veins, liver, spleen, and of the kidneys
        cortex, medulla and pelvis; nothing else. **The mask is exactly the set of pixels that can differ between two phases of that slice**:
        the parts of these organs that the slice meets, with the rim that the scanner's blur adds. Outside of it, two phases of a patient
        are equal to the bit when they are given the same noise. Every image has its own mask file; the five of a patient are equal.

        The marker, two letters at the upper left (`NC`, `AR`, `PV`, `NG`, `EX`), lies in the air around the patient.

        What the phantom leaves out: real organs are not smooth, muscle and bowel take up contrast agent too, and no disease is drawn.
        A method that works here has passed the easy test only.

        ## How it was made

            ./modelinspector sample train --seed {Seed} -o sample-models/phantom-ct

        {Training.Patients} training patients, none of them held out, each in five phases; {Training.Epochs} passes over them with AdamW. Same seed, same
        images to the bit; the weights are the same on the same machine with the same libtorch and number of threads.
        Generator: `src/ModelInspector.Core/Datasets/Phantom`. Training: `src/ModelInspector.Torch/Samples`. Everything was drawn and trained by
        this code; no patient's data and no other network were used.

        Licence: MIT, as the rest of the repository.

        """);

    private static string Rows(string network, ImmutableArray<PhantomAccuracy> groups) => string.Join('\n',
        [.. groups.Select(group => Row(network, Catalog.Kebab(group.Marker.ToString()), group.Right, group.Images)),
            Row(network, "all", groups.Sum(group => group.Right), groups.Sum(group => group.Images))]);

    private static string Row(string network, string marker, int right, int images) =>
        string.Create(CultureInfo.InvariantCulture, $"| {network} | {marker} | {images} | {right} | {100.0 * right / images:0.0} % |");
}
