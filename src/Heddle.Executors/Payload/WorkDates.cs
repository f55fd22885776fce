using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Heddle;

/// <summary>A time as it stands in memory: JSON's own text of a local one would be another time of day where the worker's zone is another one.</summary>
internal sealed class WorkDates : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Of(reader.GetUInt64());

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
        => writer.WriteNumberValue(Unsafe.BitCast<DateTime, ulong>(value));

    public override DateTime ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => Of(ulong.Parse(reader.GetString()!, CultureInfo.InvariantCulture));

    public override void WriteAsPropertyName(Utf8JsonWriter writer, [System.Diagnostics.CodeAnalysis.DisallowNull] DateTime value, JsonSerializerOptions options)
        => writer.WritePropertyName(Unsafe.BitCast<DateTime, ulong>(value).ToString(CultureInfo.InvariantCulture));

    private static DateTime Of(ulong bits) => Unsafe.BitCast<ulong, DateTime>(bits);
}
