namespace Heddle;

/// <summary>From what a caller writes to the address that a request goes to.</summary>
internal static class HttpAddresses
{
    internal static bool IsHttp(Uri address)
        => address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    internal static Uri Parse(string address)
    {
        ArgumentNullException.ThrowIfNull(address);

        // On Unix "/path" would be taken for an absolute file name.
        var kind = address.StartsWith('/') ? UriKind.Relative : UriKind.RelativeOrAbsolute;
        return Uri.TryCreate(address, kind, out var uri)
            ? uri
            : throw new ArgumentException($"'{Passwords.HideIn(address)}' is no address. Escape what is not a letter: Uri.EscapeDataString.", nameof(address));
    }

    /// <exception cref="ArgumentException">The address is relative and there is no base, or it is not http.</exception>
    internal static Uri Resolve(Uri? address, Uri? baseAddress)
    {
        var whole = address is { IsAbsoluteUri: true } ? address
            : baseAddress is null ? throw new ArgumentException(
                $"'{Passwords.HideIn(address?.OriginalString ?? "")}' is a relative address, and this client has no BaseAddress to put before it. "
                + "Write the address out (https://host/path), or set LoopHttpOptions.BaseAddress.",
                nameof(address))
            : address is null ? baseAddress
            : new Uri(baseAddress, address);
        return IsHttp(whole)
            ? whole
            : throw new ArgumentException($"'{Passwords.HideIn(whole.OriginalString)}' has the scheme '{whole.Scheme}'; only http and https can be asked.", nameof(address));
    }
}
