using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

switch (args)
{
    case ["instrument", var file]:
        Instrument(file);
        break;
    case ["report", var name, var file, var hits, .. var rest]:
        Report(name, file, hits, lists: rest is ["-v"]);
        break;
}

// Has each method, on its first instruction, set its own byte of a public array. The number is the place in the list of methods.
static void Instrument(string file)
{
    using var assembly = AssemblyDefinition.ReadAssembly(file, new() { ReadSymbols = true, ReadWrite = true });
    var module = assembly.MainModule;
    var methods = MethodsOf(module);
    var field = new FieldDefinition("Of", FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly, new ArrayType(module.TypeSystem.Byte));
    var type = new TypeDefinition("PathLength", "Hits", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed, module.TypeSystem.Object);
    type.Fields.Add(field);
    var start = new MethodDefinition(
        ".cctor", MethodAttributes.Static | MethodAttributes.Private | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName, module.TypeSystem.Void);
    var il = start.Body.GetILProcessor();
    il.Emit(OpCodes.Ldc_I4, methods.Count);
    il.Emit(OpCodes.Newarr, module.TypeSystem.Byte);
    il.Emit(OpCodes.Stsfld, field);
    il.Emit(OpCodes.Ret);
    type.Methods.Add(start);
    for (var number = 0; number < methods.Count; number++)
    {
        var body = methods[number].Body;
        body.SimplifyMacros();
        var first = body.Instructions[0];
        var writer = body.GetILProcessor();
        writer.InsertBefore(first, writer.Create(OpCodes.Ldsfld, field));
        writer.InsertBefore(first, writer.Create(OpCodes.Ldc_I4, number));
        writer.InsertBefore(first, writer.Create(OpCodes.Ldc_I4_1));
        writer.InsertBefore(first, writer.Create(OpCodes.Stelem_I1));
        body.OptimizeMacros();
    }

    module.Types.Add(type);
    assembly.Write(new WriterParameters { WriteSymbols = true });
}

static void Report(string name, string file, string hits, bool lists)
{
    using var assembly = AssemblyDefinition.ReadAssembly(file, new() { ReadSymbols = true });
    var methods = MethodsOf(assembly.MainModule);
    foreach (var line in File.ReadLines(hits))
    {
        var (way, numbers) = (line.Split(':')[0], line.Split(':')[1].Split(',').Select(int.Parse));
        var walked = numbers.Select(n => methods[n]).Where(m => m.DebugInformation.HasSequencePoints).ToList();
        var lines = walked.Select(m => (Method: m, Lines: LinesOf(m).ToList())).ToList();
        Console.WriteLine(
            $"{name,-10} {way,-18} {walked.Count,4} methods {lines.SelectMany(m => m.Lines).Distinct().Count(),5} lines "
            + $"{lines.SelectMany(m => m.Lines).Select(l => l.File).Distinct().Count(),4} files");
        if (lists)
        {
            foreach (var (method, own) in lines.OrderBy(m => m.Lines[0]))
            {
                Console.WriteLine($"    {Path.GetFileName(own[0].File)}:{own[0].Line} {method.DeclaringType.Name}.{method.Name} ({own.Count})");
            }
        }
    }
}

static IEnumerable<(string File, int Line)> LinesOf(MethodDefinition method)
    => method.DebugInformation.SequencePoints.Where(p => !p.IsHidden)
        .SelectMany(p => Enumerable.Range(p.StartLine, p.EndLine - p.StartLine + 1).Select(line => (p.Document.Url, line)))
        .Distinct();

// The recorder is the last type, so the numbers are the same before and after it was added; its own start is left out.
static List<MethodDefinition> MethodsOf(ModuleDefinition module)
    => module.GetTypes().Where(t => t.Namespace != "PathLength").SelectMany(t => t.Methods).Where(m => m.HasBody && m.Body.Instructions.Count > 0).ToList();
