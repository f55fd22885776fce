using System.Text.RegularExpressions;

namespace Heddle;

/// <summary>Keeps what stands before the '@' of an address out of what people and logs read. The name stays.</summary>
internal static partial class Passwords
{
    /// <summary>For any text that may have addresses in it.</summary>
    internal static string Hide(string text) => text.Contains('@') ? OfAddress().Replace(text, "$1…@") : text;

    /// <summary>For what a user has written as an address, whether it is one or not: there a password may have any character.</summary>
    internal static string HideIn(string address)
    {
        var begin = address.IndexOf("//", StringComparison.Ordinal) is var slashes and >= 0 ? slashes + 2 : 0;
        var colon = address.IndexOf(':', begin);
        var at = address.LastIndexOf('@');
        return colon >= 0 && at > colon ? $"{address[..(colon + 1)]}…{address[at..]}" : address;
    }

    /// <summary>The same failure, or, if it shows a password, its words without it: the failures of .NET name a proxy by its whole address.</summary>
    internal static Exception? Hide(Exception? failure)
    {
        if (failure is null || !Shows(failure))
        {
            return failure;
        }

        var (message, inner) = (Hide(failure.Message), Hide(failure.InnerException));
        return failure is HttpRequestException http
            ? new HttpRequestException(http.HttpRequestError, message, inner, http.StatusCode)
            : new IOException(message, inner);
    }

    private static bool Shows(Exception? failure)
        => failure is not null && ((failure.Message.Contains('@') && OfAddress().IsMatch(failure.Message)) || Shows(failure.InnerException));

    [GeneratedRegex(@"(//[^/?#:@\s]*:)[^/?#\r\n]*@")]
    private static partial Regex OfAddress();
}
