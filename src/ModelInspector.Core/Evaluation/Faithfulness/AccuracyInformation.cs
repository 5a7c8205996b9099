namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>How little of the image's information makes the network give its class again, when the map's highest positions are put back first.</summary>
/// <remarks>
/// Area under the accuracy information curve: 1 once the network gives the class (0 before) over the estimated information of the image so far, which goes from 0 (nothing put back) to 1 (the
/// whole image); linear between the steps, and it never falls. The mean over images is the area under the mean curve. Unit: share, 0 to 1; higher is better. It needs no runs of its own: they are
/// those of <see cref="Insertion"/>. Against the source: a fill takes the place of the blurred start, and Deflate that of WebP. Misleads: an image whose empty version is given the class
/// already has no curve; one step is a large part of the image, so that images differ in few values; a compressed size is a crude measure of information, and noise is information to it.
/// </remarks>
[Method("accuracy-information", "Kapishnikov et al., XRAI: better attributions through regions, ICCV 2019, section 4 (AIC)", Summary = "Area under whether the class is given, over the image's information, highest positions first; higher is better.")]
public sealed record AccuracyInformation : IMetric<RemovalCurves>
{
    /// <inheritdoc/>
    public Score Measure(RemovalCurves subject, Job job) => subject.NoInformationCurve(subject.Right) is { } reason ? Score.None(reason) : new(subject.Regained(subject.Right).Area);
}
