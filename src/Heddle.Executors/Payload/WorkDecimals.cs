using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Heddle;

/// <summary>A decimal with the sign of its zero, which JSON's own writer drops.</summary>
internal sealed class WorkDecimals : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Number ? reader.GetDecimal() : Of(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        if (value == 0 && decimal.IsNegative(value))
        {
            writer.WriteStringValue(TextOf(value));
        }
        else
        {
            writer.WriteNumberValue(value);
        }
    }

    public override decimal ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Of(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
        => writer.WritePropertyName(TextOf(value));

    private static string TextOf(decimal value)
        => value == 0 && decimal.IsNegative(value) ? $"-{TextOf(decimal.Negate(value))}" : value.ToString(CultureInfo.InvariantCulture);

    private static decimal Of(string text)
    {
        var value = decimal.Parse(text, CultureInfo.InvariantCulture);
        return value == 0 && text[0] == '-' && !decimal.IsNegative(value) ? decimal.Negate(value) : value;
    }
}
