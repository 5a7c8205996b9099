using System.Collections.Immutable;
using System.Text;

namespace ModelInspector.Findings;

/// <summary>A study as Markdown: question, what it says, how it was made, tables.</summary>
/// <param name="Result">The study.</param>
/// <param name="Command">The command that makes it again.</param>
/// <param name="About">What was done and how to read it: paragraphs.</param>
public sealed record StudyDocument(StudyResult Result, string Command, ImmutableArray<string> About)
{
    /// <summary>The document.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder($"# {Result.Title}\n\n");
            foreach (var paragraph in About) text.Append(paragraph).Append("\n\n");
            text.Append("## What was found\n\n");
            foreach (var sentence in Result.Sentences) text.Append("* ").Append(sentence).Append('\n');
            text.Append("\n## How it was made\n\n    ").Append(Command).Append("\n\n");
            text.Append(string.Join("; ", Result.From.Settings.Select(setting => $"{setting.Key}: {setting.Value}"))).Append($"; seed: {Result.From.Seed}. ")
                .Append("Same seed, same numbers on the same machine. Every number and sentence here is written by the command; nothing is edited by hand.\n");
            foreach (var table in Result.Tables) Append(text, table);
            return text.ToString();
        }
    }

    private static void Append(StringBuilder text, StudyTable table)
    {
        text.Append($"\n## {table.Title}\n\n{table.Note}\n\n");
        text.Append("| ").AppendJoin(" | ", table.Columns).Append(" |\n|").Append(string.Concat(table.Columns.Select(_ => "---|"))).Append('\n');
        foreach (var row in table.Rows) text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
    }
}
