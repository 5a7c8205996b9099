using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Page;

/// <summary>The page around manifest, blocks and viewer.</summary>
internal sealed record HtmlFile(string Title, string Manifest, IReadOnlyList<Block> Blocks)
{
    /// <summary>Writes the page, and its blocks beside it if they are to lie in a folder.</summary>
    /// <exception cref="InputException">The place cannot be written to.</exception>
    public void Save(string path, bool folder)
    {
        try
        {
            SaveTo(path, folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be written: {error.Message} Choose another place with -o.", error);
        }
    }

    private void SaveTo(string path, bool folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var data = folder ? Path.GetFileNameWithoutExtension(path) + ".data" : null;
        if (data is not null) SaveBlocks(Path.Combine(Path.GetDirectoryName(path)!, data));
        var temporary = path + ".part";
        using (var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(false), 1 << 16)) Write(writer, data);
        File.Move(temporary, path, overwrite: true);
    }

    private void Write(StreamWriter writer, string? data)
    {
        var title = HtmlEncoder.Default.Encode(Title);
        writer.Write($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy(data is not null)}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="generator" content="ModelInspector">
            <title>{title}</title>
            <link rel="icon" href="data:,">
            <style>{Viewer.Style}</style>
            </head>
            <body>
            <noscript><h1>{title}</h1><p>The figures of this report are drawn by the script inside this file. Allow scripts to see them; no network is used.</p></noscript>
            <div id="app"></div>
            <script type="application/json" id="mi:manifest"{(data is null ? "" : $" data-folder=\"{HtmlEncoder.Default.Encode(Uri.EscapeDataString(data))}\"")}>
            {Manifest}
            </script>
            <script>{Viewer.Script}</script>

            """);
        if (data is null) WriteBlocks(writer);
        writer.Write("</body>\n</html>\n");
    }

    // Behind the viewer, so that the first screen is drawn before the browser has read the last image.
    private void WriteBlocks(StreamWriter writer)
    {
        foreach (var block in Blocks)
            writer.Write($"<script type=\"application/octet-stream\" id=\"mi:{block.Id}\">{Convert.ToBase64String(block.Stored)}</script>\n");
    }

    // A page from file:// may load scripts but not fetch files: each block of a folder report is a script that hands over its text.
    private void SaveBlocks(string folder)
    {
        var temporary = folder + ".part";
        if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        Directory.CreateDirectory(temporary);
        foreach (var block in Blocks)
            File.WriteAllText(Path.Combine(temporary, block.Id + ".js"), $"MI.put(\"{block.Id}\",\"{Convert.ToBase64String(block.Stored)}\")\n");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(temporary, folder);
    }

    /// <summary>Nothing may be loaded, sent or embedded but the script and the style sheet with these hashes, and images from memory.</summary>
    private static string Policy(bool folder) =>
        $"default-src 'none'; script-src {Hash(Viewer.Script)}{(folder ? " file:" : "")}; style-src {Hash(Viewer.Style)}; img-src data: blob:; "
        + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types lit-html modelinspector";

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
