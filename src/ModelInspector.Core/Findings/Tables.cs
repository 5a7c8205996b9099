using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace ModelInspector.Findings;

/// <summary>Findings as tables for a spreadsheet: one CSV a table, beside <c>findings.json</c>.</summary>
public static class Tables
{
    /// <summary>
    /// Writes <c>predictions.csv</c>, <c>specificity.csv</c>, <c>separability.csv</c>, <c>layers.csv</c>, <c>tests.csv</c>, <c>league.csv</c>, <c>groups.csv</c>, <c>randomisation.csv</c>
    /// and one for each comparison of maps, as far as there are findings for them.
    /// </summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public static void Write(RunDirectory run, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            if (finding is SampleTable samples) Save(run, "predictions.csv", Predictions(samples));
            if (finding is SpecificityByDepth depth) Save(run, "specificity.csv", Depth(depth.Rows));
            if (finding is SeparabilityByDepth separability) Save(run, "separability.csv", Depth(separability.Rows));
            if (finding is ModelSummary model) Save(run, "layers.csv", Layers(model));
            if (finding is MethodLeague league) Save(run, "league.csv", League(league));
            if (finding is ScoresByGroup groups) Save(run, "groups.csv", Groups(groups));
            if (finding is ParameterRandomisationByLayer cascade) Save(run, "randomisation.csv", Cascade(cascade));
            if (finding is MapSimilarity similarity) Save(run, similarity.From.Method + ".csv", Similarity(similarity));
            if (finding is Verdict verdict) Save(run, "tests.csv", Tests(verdict));
        }
    }

    private static IEnumerable<IEnumerable<object?>> Predictions(SampleTable table)
    {
        yield return ["file", "label", "predicted", "confidence", .. table.Columns.Select(column => column.Name)];
        for (var i = 0; i < table.Ids.Length; i++)
            yield return [table.Ids[i], Class(table, table.Labels[i]), Class(table, table.Predicted[i]), float.IsNaN(table.Confidence[i]) ? null : table.Confidence[i], .. table.Columns.Select(column => column.Values[i])];
    }

    private static string Class(SampleTable table, int index) =>
        index < 0 ? "" : index < table.Classes.Length ? table.Classes[index] : index.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<IEnumerable<object?>> Depth(IEnumerable<DepthRow> rows)
    {
        yield return ["layer", "method", "control", "metric", "threshold", "estimate", "low", "high", "units"];
        foreach (var row in rows)
            yield return [row.Layer, row.Method, row.Control, row.Metric, row.Threshold, row.Value.Estimate, row.Value.Low, row.Value.High, row.Value.Count];
    }

    private static IEnumerable<IEnumerable<object?>> League(MethodLeague league)
    {
        yield return ["metric", "threshold", "rank", "method", "control", "layer", "estimate", "low", "high", "units", "toFirst", "toFirstLow", "toFirstHigh"];
        foreach (var row in league.Rows)
            yield return [row.Metric, row.Threshold, row.Rank, row.Method, row.Control, row.Layer, row.Value.Estimate, row.Value.Low, row.Value.High, row.Value.Count, row.ToFirst?.Estimate, row.ToFirst?.Low, row.ToFirst?.High];
    }

    private static IEnumerable<IEnumerable<object?>> Groups(ScoresByGroup groups)
    {
        yield return ["column", "group", "layer", "method", "control", "metric", "threshold", "estimate", "low", "high", "units"];
        foreach (var (column, group, row) in groups.Rows)
            yield return [column, group, row.Layer, row.Method, row.Control, row.Metric, row.Threshold, row.Value.Estimate, row.Value.Low, row.Value.High, row.Value.Count];
    }

    private static IEnumerable<IEnumerable<object?>> Cascade(ParameterRandomisationByLayer cascade)
    {
        yield return ["randomisedDownTo", "shareOfWeights", "layer", "method", "metric", "estimate", "low", "high", "units"];
        foreach (var row in cascade.Rows)
            yield return [row.Stage, row.Replaced, row.Layer, row.Method, row.Metric, row.Value.Estimate, row.Value.Low, row.Value.High, row.Value.Count];
    }

    private static IEnumerable<IEnumerable<object?>> Similarity(MapSimilarity similarity)
    {
        yield return ["layer", "method", "metric", "estimate", "low", "high", "units"];
        foreach (var row in similarity.Rows)
            yield return [row.Layer, row.Method, row.Metric, row.Value.Estimate, row.Value.Low, row.Value.High, row.Value.Count];
    }

    private static IEnumerable<IEnumerable<object?>> Layers(ModelSummary model)
    {
        yield return ["layer", "operator", "output", "parameters", "inputs", "chosen"];
        foreach (var layer in model.Graph.Layers)
            yield return [layer.Name, layer.Op, string.Join('x', layer.Output), layer.Parameters, string.Join(' ', layer.Inputs), model.Chosen.Contains(layer.Name)];
    }

    private static IEnumerable<IEnumerable<object?>> Tests(Verdict verdict)
    {
        yield return ["test", "effect", "low", "high", "control", "controlLow", "controlHigh", "controlName", "unit", "p", "found"];
        foreach (var test in verdict.Tests)
            yield return [test.Name, test.Effect.Estimate, test.Effect.Low, test.Effect.High, test.Control?.Estimate, test.Control?.Low, test.Control?.High, test.ControlName, test.Unit, test.PValue, test.Found];
    }

    private static void Save(RunDirectory run, string name, IEnumerable<IEnumerable<object?>> rows)
    {
        using var text = new StringWriter { NewLine = "\n" };
        using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" }, leaveOpen: true))
            foreach (var row in rows)
            {
                foreach (var field in row) csv.WriteField(field);
                csv.NextRecord();
            }
        run.Save(name, text.ToString());
    }
}
