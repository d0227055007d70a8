using System.Text;

namespace Portal.Core.Disks;

/// <summary>Paths in <c>/proc</c>: the kernel writes blanks, tabs, line ends, backslashes and "#" as "\040" and the like.</summary>
internal static class EscapedText
{
    public static string Decode(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text.AsSpan(i + 1, 3)))
            {
                plain.Append((char)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0')));
                i += 3;
                continue;
            }
            plain.Append(text[i]);
        }
        return plain.ToString();
    }

    private static bool IsOctal(ReadOnlySpan<char> digits) => digits[0] is >= '0' and <= '3' && digits[1] is >= '0' and <= '7' && digits[2] is >= '0' and <= '7';
}
