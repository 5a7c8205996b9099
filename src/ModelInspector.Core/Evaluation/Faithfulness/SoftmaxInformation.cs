namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>How little of the image's information brings the class's probability back, when the map's highest positions are put back first.</summary>
/// <remarks>
/// Area under the softmax information curve: (q − q(nothing)) / (q(whole) − q(nothing)), between 0 and 1, over the estimated information of the image so far, which goes from 0 (nothing put
/// back) to 1 (the whole image); linear between the steps, and it never falls. The mean over images is the area under the mean curve. Unit: share, 0 to 1; higher is better. It needs no runs of
/// its own: they are those of <see cref="Insertion"/>, whose share of positions is replaced by a share of information: a map that gathers edges pays for them. Against the source: a
/// fill takes the place of the blurred start, and Deflate that of WebP. Misleads: an image whose empty version has as much probability has no curve; a compressed size is a crude measure of
/// information, and noise is information to it.
/// </remarks>
[Method("softmax-information", "Kapishnikov et al., XRAI: better attributions through regions, ICCV 2019, section 4 (SIC)", Summary = "Area under the class probability regained, over the image's information, highest positions first; higher is better.")]
public sealed record SoftmaxInformation : IMetric<RemovalCurves>
{
    /// <inheritdoc/>
    public Score Measure(RemovalCurves subject, Job job) => subject.NoInformationCurve(subject.Kept) is { } reason ? Score.None(reason) : new(subject.Regained(subject.Kept).Area);
}
