using System.Text;

namespace WikiPath.Sample;

/// <summary>
/// Puts letters and their accents together, as MediaWiki does with every title: those of Latin and Cyrillic, which is all
/// that a small wiki needs. .NET's own way needs ICU, which the program does without.
/// </summary>
static class Composition
{
    // After each letter the one that it is with that accent taken away.
    static readonly Dictionary<char, string> Accents = new()
    {
        ['\u0300'] = "ÀAÈEÌIÒOÙUàaèeìiòoùuЀЕЍИѐеѝи",
        ['\u0301'] = "ÁAÉEÍIÓOÚUÝYáaéeíióoúuýyĆCćcĹLĺlŃNńnŔRŕrŚSśsŹZźzЃГЌКѓгќк",
        ['\u0302'] = "ÂAÊEÎIÔOÛUâaêeîiôoûuĈCĉcĜGĝgĤHĥhĴJĵjŜSŝsŴWŵwŶYŷy",
        ['\u0303'] = "ÃAÑNÕOãañnõoĨIĩiŨUũu",
        ['\u0304'] = "ĀAāaĒEēeĪIīiŌOōoŪUūu",
        ['\u0306'] = "ĂAăaĔEĕeĞGğgĬIĭiŎOŏoŬUŭuЎУЙИйиўу",
        ['\u0307'] = "ĊCċcĖEėeĠGġgİIŻZżz",
        ['\u0308'] = "ÄAËEÏIÖOÜUäaëeïiöoüuÿyŸYЁЕЇІёеїі",
        ['\u030a'] = "ÅAåaŮUůu",
        ['\u030b'] = "ŐOőoŰUűu",
        ['\u030c'] = "ČCčcĎDďdĚEěeĽLľlŇNňnŘRřrŠSšsŤTťtŽZžz",
        ['\u0327'] = "ÇCçcĢGģgĶKķkĻLļlŅNņnŖRŗrŞSşsŢTţt",
        ['\u0328'] = "ĄAąaĘEęeĮIįiŲUųu",
    };

    public static string Compose(string text)
    {
        var composed = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (composed.Length > 0 && Accents.TryGetValue(letter, out var pairs)
                && Find(pairs, composed[^1]) is { } whole)
            {
                composed[^1] = whole;
            }
            else
            {
                composed.Append(letter);
            }
        }
        return composed.ToString();
    }

    static char? Find(string pairs, char letter)
    {
        for (var i = 1; i < pairs.Length; i += 2)
        {
            if (pairs[i] == letter) return pairs[i - 1];
        }
        return null;
    }
}
