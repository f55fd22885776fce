using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>The platform's collections: by what is in them, in its order, and what they compare by.</summary>
internal abstract class Contents
{
    private static readonly Dictionary<Type, string> s_known = new()
    {
        [typeof(List<>)] = nameof(List), [typeof(LinkedList<>)] = nameof(LinkedList), [typeof(Queue<>)] = nameof(Queue), [typeof(Stack<>)] = nameof(Stack),
        [typeof(HashSet<>)] = nameof(HashSet), [typeof(SortedSet<>)] = nameof(SortedSet), [typeof(PriorityQueue<,>)] = nameof(PriorityQueue),
        [typeof(Dictionary<,>)] = nameof(Dictionary), [typeof(OrderedDictionary<,>)] = nameof(OrderedDictionary),
        [typeof(SortedDictionary<,>)] = nameof(SortedDictionary), [typeof(SortedList<,>)] = nameof(SortedList),
        [typeof(ConcurrentQueue<>)] = nameof(ConcurrentQueue), [typeof(ConcurrentStack<>)] = nameof(ConcurrentStack), [typeof(ConcurrentBag<>)] = nameof(ConcurrentBag),
        [typeof(ConcurrentDictionary<,>)] = nameof(ConcurrentDictionary),
        [typeof(ImmutableList<>)] = nameof(ImmutableListOf), [typeof(ImmutableQueue<>)] = nameof(ImmutableQueueOf), [typeof(ImmutableStack<>)] = nameof(ImmutableStackOf),
        [typeof(ImmutableHashSet<>)] = nameof(ImmutableHashSetOf), [typeof(ImmutableSortedSet<>)] = nameof(ImmutableSortedSetOf),
        [typeof(ImmutableDictionary<,>)] = nameof(ImmutableDictionaryOf), [typeof(ImmutableSortedDictionary<,>)] = nameof(ImmutableSortedDictionaryOf),
    };

    private static readonly HashSet<Type> s_windows = [typeof(Memory<>), typeof(ReadOnlyMemory<>), typeof(ArraySegment<>)];

    internal virtual bool IsMadeLast => false;

    internal static bool IsKnown(Type definition) => s_known.ContainsKey(definition) || s_windows.Contains(definition);

    internal abstract void Write(PayloadWriter writer, object value);

    internal abstract object Read(PayloadReader reader, int number, Type type);

    /// <summary>Null if it is no collection of the platform, and derived from none.</summary>
    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    internal static Body? BodyFor(Type type)
    {
        for (var each = type; each is not null; each = each.BaseType)
        {
            if (each.IsGenericType && s_known.TryGetValue(each.GetGenericTypeDefinition(), out var maker))
            {
                var make = typeof(Contents).GetMethod(maker, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(each.GetGenericArguments());
                return new ContentsBody(type, (Contents)make.Invoke(null, null)!, Member.AllOf(type, end: each));
            }
        }

        return type.IsGenericType && s_windows.Contains(type.GetGenericTypeDefinition())
            ? (Body)Activator.CreateInstance(typeof(WindowBody<>).MakeGenericType(type.GetGenericArguments()), type)!
            : null;
    }

    private static Growing<List<T>, T> List<T>() => new(static (all, item) => all.Add(item));

    private static Growing<LinkedList<T>, T> LinkedList<T>() => new(static (all, item) => all.AddLast(item));

    private static Growing<Queue<T>, T> Queue<T>() => new(static (all, item) => all.Enqueue(item));

    private static Growing<Stack<T>, T> Stack<T>() => new(static (all, item) => all.Push(item)) { IsReversed = true };

    private static Growing<ConcurrentQueue<T>, T> ConcurrentQueue<T>() => new(static (all, item) => all.Enqueue(item));

    private static Growing<ConcurrentStack<T>, T> ConcurrentStack<T>() => new(static (all, item) => all.Push(item)) { IsReversed = true };

    private static Growing<ConcurrentBag<T>, T> ConcurrentBag<T>() => new(static (all, item) => all.Add(item)) { IsReversed = true };

    private static Growing<HashSet<T>, T> HashSet<T>()
        => new(static (all, item) => AddNew(all.Add(item))) { Comparer = Equality<HashSet<T>, T>(static all => all.Comparer), Has = Looked<HashSet<T>, T, T>(static (all, item) => all.Contains(item)) };

    private static Growing<SortedSet<T>, T> SortedSet<T>()
        => new(static (all, item) => AddNew(all.Add(item))) { Comparer = Order<SortedSet<T>, T>(static all => all.Comparer), Has = Looked<SortedSet<T>, T, T>(static (all, item) => all.Contains(item)) };

    private static Growing<PriorityQueue<TItem, T>, (TItem, T)> PriorityQueue<TItem, T>() => new(static (all, item) => all.Enqueue(item.Item1, item.Item2))
    {
        Items = static all => all.UnorderedItems,
        Comparer = Order<PriorityQueue<TItem, T>, T>(static all => all.Comparer),
        Has = Looked<PriorityQueue<TItem, T>, (TItem, T), T>(static (_, _) => true),
    };

    private static Growing<Dictionary<TKey, T>, KeyValuePair<TKey, T>> Dictionary<TKey, T>()
        where TKey : notnull
        => Map<Dictionary<TKey, T>, TKey, T>(Equality<Dictionary<TKey, T>, TKey>(static all => all.Comparer));

    private static Growing<OrderedDictionary<TKey, T>, KeyValuePair<TKey, T>> OrderedDictionary<TKey, T>()
        where TKey : notnull
        => Map<OrderedDictionary<TKey, T>, TKey, T>(Equality<OrderedDictionary<TKey, T>, TKey>(static all => all.Comparer));

    private static Growing<ConcurrentDictionary<TKey, T>, KeyValuePair<TKey, T>> ConcurrentDictionary<TKey, T>()
        where TKey : notnull
        => Map<ConcurrentDictionary<TKey, T>, TKey, T>(Equality<ConcurrentDictionary<TKey, T>, TKey>(static all => all.Comparer));

    private static Growing<SortedDictionary<TKey, T>, KeyValuePair<TKey, T>> SortedDictionary<TKey, T>()
        where TKey : notnull
        => Map<SortedDictionary<TKey, T>, TKey, T>(Order<SortedDictionary<TKey, T>, TKey>(static all => all.Comparer));

    private static Growing<SortedList<TKey, T>, KeyValuePair<TKey, T>> SortedList<TKey, T>()
        where TKey : notnull
        => Map<SortedList<TKey, T>, TKey, T>(Order<SortedList<TKey, T>, TKey>(static all => all.Comparer));

    private static Growing<TMap, KeyValuePair<TKey, T>> Map<TMap, TKey, T>(ComparerOf<TMap> comparer)
        where TMap : class, IDictionary<TKey, T>
        => new(static (all, item) => all.Add(item.Key, item.Value))
        {
            Comparer = comparer,
            Has = Looked<TMap, KeyValuePair<TKey, T>, TKey>(static (all, item) => all.ContainsKey(item.Key)),
        };

    private static Lasting<ImmutableList<T>, T> ImmutableListOf<T>() => new(static (items, _, _) => [.. items]);

    private static Lasting<ImmutableQueue<T>, T> ImmutableQueueOf<T>() => new(static (items, _, _) => [.. items]);

    private static Lasting<ImmutableStack<T>, T> ImmutableStackOf<T>() => new(static (items, _, _) => ImmutableStack.CreateRange(items.Reverse()));

    private static Lasting<ImmutableHashSet<T>, T> ImmutableHashSetOf<T>()
        => new(static (items, equality, _) => ImmutableHashSet.CreateRange((IEqualityComparer<T>?)equality, items))
        {
            Comparer = Equality<ImmutableHashSet<T>, T>(static all => all.KeyComparer),
            Has = Looked<ImmutableHashSet<T>, T, T>(static (all, item) => all.Contains(item)),
        };

    private static Lasting<ImmutableSortedSet<T>, T> ImmutableSortedSetOf<T>()
        => new(static (items, order, _) => ImmutableSortedSet.CreateRange((IComparer<T>?)order, items))
        {
            Comparer = Order<ImmutableSortedSet<T>, T>(static all => all.KeyComparer),
            Has = Looked<ImmutableSortedSet<T>, T, T>(static (all, item) => all.Contains(item)),
        };

    private static Lasting<ImmutableDictionary<TKey, T>, KeyValuePair<TKey, T>> ImmutableDictionaryOf<TKey, T>()
        where TKey : notnull
        => new(static (items, keys, values) => ImmutableDictionary.CreateRange((IEqualityComparer<TKey>?)keys, (IEqualityComparer<T>?)values, items))
        {
            Comparer = Equality<ImmutableDictionary<TKey, T>, TKey>(static all => all.KeyComparer),
            Values = Equality<ImmutableDictionary<TKey, T>, T>(static all => all.ValueComparer),
            Has = Looked<ImmutableDictionary<TKey, T>, KeyValuePair<TKey, T>, TKey>(static (all, item) => all.ContainsKey(item.Key)),
        };

    private static Lasting<ImmutableSortedDictionary<TKey, T>, KeyValuePair<TKey, T>> ImmutableSortedDictionaryOf<TKey, T>()
        where TKey : notnull
        => new(static (items, keys, values) => ImmutableSortedDictionary.CreateRange((IComparer<TKey>?)keys, (IEqualityComparer<T>?)values, items))
        {
            Comparer = Order<ImmutableSortedDictionary<TKey, T>, TKey>(static all => all.KeyComparer),
            Values = Equality<ImmutableSortedDictionary<TKey, T>, T>(static all => all.ValueComparer),
            Has = Looked<ImmutableSortedDictionary<TKey, T>, KeyValuePair<TKey, T>, TKey>(static (all, item) => all.ContainsKey(item.Key)),
        };

    private static ComparerOf<TAll> Equality<TAll, T>(Func<TAll, object?> get) => new(get, EqualityComparer<T>.Default, typeof(IEqualityComparer<T>));

    private static ComparerOf<TAll> Order<TAll, T>(Func<TAll, object?> get) => new(get, Comparer<T>.Default, typeof(IComparer<T>));

    /// <summary>A key that cannot change while it is made is not looked for.</summary>
    private static Func<TAll, T, bool>? Looked<TAll, T, TKey>(Func<TAll, T, bool> has)
        => typeof(TKey) == typeof(string) || !RuntimeHelpers.IsReferenceOrContainsReferences<TKey>() ? null : has;

    private static void AddNew(bool wasNew)
    {
        if (!wasNew)
        {
            throw new Refusal("two of its items would be one");
        }
    }

    private sealed record ComparerOf<TAll>(Func<TAll, object?> Get, object Standard, Type Type);

    private abstract class Collection<TAll, T> : Contents
        where TAll : class
    {
        internal Func<TAll, IEnumerable<T>> Items { get; init; } = static all => (IEnumerable<T>)all;

        internal ComparerOf<TAll>? Comparer { get; init; }

        internal ComparerOf<TAll>? Values { get; init; }

        /// <summary>Whether an item is found that is in it; null if that is sure.</summary>
        internal Func<TAll, T, bool>? Has { get; init; }

        internal override void Write(PayloadWriter writer, object value)
        {
            var all = (TAll)value;
            foreach (var comparer in (ReadOnlySpan<ComparerOf<TAll>?>)[Comparer, Values])
            {
                writer.WriteByte(Comparers.NumberOf(comparer?.Get(all), comparer?.Standard));
            }

            var items = all is List<T> list ? CollectionsMarshal.AsSpan(list) : Items(all).ToArray();
            writer.WriteInt32(items.Length);
            Codec<T>.Get().WriteItems(writer, items);
        }

        protected static T[] ReadItems(PayloadReader reader)
        {
            var items = new T[reader.ReadCount()];
            Codec<T>.Get().ReadItems(reader, items);
            return items;
        }

        protected void Check(TAll all, T[] items)
        {
            if (Has is { } has && Array.Exists(items, item => !has(all, item)))
            {
                throw new Refusal($"a key of {TypeNames.A(all.GetType())} would not be found again");
            }
        }
    }

    /// <summary>One that is there before what is in it.</summary>
    private sealed class Growing<TAll, T>(Action<TAll, T> add) : Collection<TAll, T>
        where TAll : class
    {
        private ConstructorInfo? _make;

        /// <summary>Whether it gives first what was put in last.</summary>
        internal bool IsReversed { get; init; }

        [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "Only where nothing is trimmed.")]
        [UnconditionalSuppressMessage("Trimming", "IL2090", Justification = "The same.")]
        internal override object Read(PayloadReader reader, int number, Type type)
        {
            var (comparer, _) = (Comparers.Of(reader.ReadByte()), reader.ReadByte());
            var all = (TAll)RuntimeHelpers.GetUninitializedObject(type);
            _make ??= typeof(TAll).GetConstructor(Comparer is null ? [] : [Comparer.Type])!;
            _make.Invoke(all, Comparer is null ? [] : [comparer]);
            reader.Set(number, all);
            var items = ReadItems(reader);
            if (Has is null)
            {
                Fill(all, items);
            }
            else
            {
                reader.AtLast(() =>
                {
                    Fill(all, items);
                    reader.AtLast(() => Check(all, items));
                });
            }

            return all;
        }

        private void Fill(TAll all, T[] items)
        {
            if (IsReversed)
            {
                Array.Reverse(items);
            }

            foreach (var item in items)
            {
                add(all, item);
            }
        }
    }

    /// <summary>One that is there when all that is in it is.</summary>
    private sealed class Lasting<TAll, T>(Func<T[], object?, object?, TAll> make) : Collection<TAll, T>
        where TAll : class
    {
        internal override bool IsMadeLast => true;

        internal override object Read(PayloadReader reader, int number, Type type)
        {
            var (comparer, values) = (Comparers.Of(reader.ReadByte()), Comparers.Of(reader.ReadByte()));
            var items = ReadItems(reader);
            var all = make(items, comparer, values);
            if (Has is not null)
            {
                reader.AtLast(() => reader.AtLast(() => Check(all, items)));
            }

            return all;
        }
    }

    private sealed class ContentsBody(Type type, Contents contents, Member[] members) : Body(type)
    {
        internal override bool IsMadeLast => contents.IsMadeLast;

        internal override int Layout { get; } = members.Length == 0 ? 0 : Fields.HashOf(members[0].Owner, 17) | 1;

        internal override void Write(PayloadWriter writer, object value)
        {
            contents.Write(writer, value);
            Member.WriteAll(writer, members, value);
        }

        internal override object Read(PayloadReader reader, int number)
        {
            var value = contents.Read(reader, number, Type);
            Member.ReadAll(reader, members, value);
            return value;
        }
    }

    /// <summary>A window onto an array, which is a value: if it shows a part of the array, that arrives as an array of its own.</summary>
    private sealed class WindowBody<T>(Type type) : Body(type)
    {
        private enum Shows : byte
        {
            Nothing,
            All,
            Part,
            Text,
        }

        internal override void Write(PayloadWriter writer, object value)
        {
            var (memory, known) = value switch
            {
                Memory<T> some => (some, true),
                ReadOnlyMemory<T> some => (MemoryMarshal.AsMemory(some), true),
                _ => (default, false),
            };
            var segment = known ? default : (ArraySegment<T>)value;
            if (known && memory.Equals(default))
            {
                writer.WriteByte((byte)Shows.Nothing);
                return;
            }

            if ((object)memory is Memory<char> letters && MemoryMarshal.TryGetString(letters, out var text, out var start, out var length))
            {
                writer.WriteByte((byte)Shows.Text);
                writer.WriteString(text.Substring(start, length));
                return;
            }

            if (known && !MemoryMarshal.TryGetArray(memory, out segment))
            {
                throw new Refusal("its memory is no array. Send an array of what is in it");
            }

            if (segment.Array is not { } array)
            {
                writer.WriteByte((byte)Shows.Nothing);
            }
            else if (segment.Count == array.Length)
            {
                writer.WriteByte((byte)Shows.All);
                Codec<T[]>.Get().Write(writer, array);
            }
            else
            {
                writer.Open(array);
                writer.WriteByte((byte)Shows.Part);
                writer.WriteInt32(segment.Count);
                Codec<T>.Get().WriteItems(writer, segment);
            }
        }

        internal override object Read(PayloadReader reader, int number)
        {
            var shows = (Shows)reader.ReadByte();
            if (shows == Shows.Text)
            {
                var text = (ReadOnlyMemory<T>)(object)reader.ReadString()!.AsMemory();
                return Type == typeof(ReadOnlyMemory<T>) ? (object)text : MemoryMarshal.AsMemory(text);
            }

            var array = shows switch
            {
                Shows.All => Codec<T[]>.Get().Read(reader),
                Shows.Part => ReadPart(reader),
                _ => null,
            };
            return Type == typeof(ArraySegment<T>) ? (object)(array is null ? default : new ArraySegment<T>(array))
                : Type == typeof(Memory<T>) ? (object)new Memory<T>(array)
                : new ReadOnlyMemory<T>(array);
        }

        private static T[] ReadPart(PayloadReader reader)
        {
            reader.Reserve();
            var items = new T[reader.ReadCount()];
            Codec<T>.Get().ReadItems(reader, items);
            return items;
        }
    }
}
