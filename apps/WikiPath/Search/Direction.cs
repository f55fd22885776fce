namespace WikiPath.Search;

/// <summary>The side a search grows on: along links from the start, or against them from the target.</summary>
public enum Direction
{
    Forward,
    Backward,
}
