namespace Heddle.Analyzers;

/// <summary>A fix for the one rule that its name begins with; each place is mended by itself, or all at once.</summary>
public abstract class HeddleCodeFix : CodeFixProvider
{
    private protected HeddleCodeFix(string rule) => FixableDiagnosticIds = ImmutableArray.Create(rule);

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is { } root
            && await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is { } model)
        {
            var diagnostic = context.Diagnostics[0];
            var place = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            foreach (var fix in Fixes(place, diagnostic, model))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        fix.Title,
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(fix.Old, fix.New))),
                        fix.Key),
                    diagnostic);
            }
        }
    }

    private protected abstract IEnumerable<Fix> Fixes(SyntaxNode place, Diagnostic diagnostic, SemanticModel model);

    /// <param name="key">The same for all places, and different for different ways to mend one.</param>
    /// <param name="title">What an editor shows.</param>
    /// <param name="before">A node of the document.</param>
    /// <param name="after">What it becomes.</param>
    /// <param name="isFormatted">Whether its white space is as it shall be.</param>
    private protected readonly struct Fix(string key, string title, SyntaxNode before, SyntaxNode after, bool isFormatted = false)
    {
        internal string Key { get; } = key;

        internal string Title { get; } = title;

        internal SyntaxNode Old { get; } = before;

        internal SyntaxNode New { get; } = isFormatted ? after : after.WithAdditionalAnnotations(Formatter.Annotation);
    }
}
