namespace WikiPath.Cache;

/// <summary>Whose a file is that was named as the cache.</summary>
enum CacheOwner
{
    /// <summary>There is none, or it is empty: a cache may be made there.</summary>
    Nobody,

    /// <summary>It is a cache that this program made, whole or damaged.</summary>
    WikiPath,

    /// <summary>It is something else, which is not to be touched.</summary>
    SomeoneElse,
}
