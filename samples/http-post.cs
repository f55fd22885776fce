#:project ../src/Heddle/Heddle.csproj
#:project Support/Support.csproj
// The other verbs. A value goes out and comes back as JSON; fields go as a form would send them.
using Heddle;
using Heddle.Samples;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

using var site = Site.Start(Notes.Map);

EventLoop.Run(async () =>
{
    await using var http = new LoopHttpClient(new() { BaseAddress = site.Address });

    var created = await http.PostJsonAsync("notes", new Note("buy yarn"));
    Console.WriteLine($"{created.StatusCode}, at {created.Headers.Location}");
    Console.WriteLine(await created.ReadAsStringAsync());

    await http.PutJsonAsync("notes/1", new Note("buy yarn", Done: true));
    Console.WriteLine(await http.GetJsonAsync<Note>("notes/1"));

    var answer = await http.PostFormAsync("search", [new("for", "yarn"), new("in", "all notes")]);
    Console.WriteLine(await answer.ReadAsStringAsync());

    Console.WriteLine((await http.DeleteAsync("notes/1")).StatusCode);
    Console.WriteLine((await http.GetAsync("notes/1")).StatusCode);
});

sealed record Note(string Text, bool Done = false);

static class Notes
{
    public static void Map(WebApplication app)
    {
        var notes = new Dictionary<int, Note>();
        app.MapPost("/notes", (Note note) =>
        {
            notes[notes.Count + 1] = note;
            return Results.Created($"/notes/{notes.Count}", note);
        });
        app.MapGet("/notes/{id:int}", (int id) =>
            notes.TryGetValue(id, out var note) ? Results.Ok(note) : Results.NotFound());
        app.MapPut("/notes/{id:int}", (int id, Note note) => { notes[id] = note; });
        app.MapDelete("/notes/{id:int}", (int id) => { notes.Remove(id); });
        app.MapPost("/search", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            return $"looking for {form["for"]} in {form["in"]}";
        });
    }
}
