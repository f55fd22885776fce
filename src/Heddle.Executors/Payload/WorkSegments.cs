using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Heddle;

/// <summary>A segment as what is in it: JSON's own reader would add to one, which it cannot.</summary>
[RequiresDynamicCode(Reflective.Why)]
[RequiresUnreferencedCode(Reflective.Why)]
internal sealed class WorkSegments : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert)
        => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ArraySegment<>);

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The class says so.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The class says so.")]
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
        => (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    [RequiresDynamicCode(Reflective.Why)]
    [RequiresUnreferencedCode(Reflective.Why)]
    private sealed class Of<T> : JsonConverter<ArraySegment<T>>
    {
        [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The class says so.")]
        [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The class says so.")]
        public override ArraySegment<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => JsonSerializer.Deserialize<T[]>(ref reader, options)!;

        [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The class says so.")]
        [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The class says so.")]
        public override void Write(Utf8JsonWriter writer, ArraySegment<T> value, JsonSerializerOptions options)
            => JsonSerializer.Serialize(writer, value.AsMemory(), options);
    }
}
