"""
Says what is missing from the packages of a folder: what each of them has, what a library has, what is in Heddle's. And what is too
much: paths of the machine that packed them.
"""
import pathlib
import re
import struct
import sys
import zipfile

folder = pathlib.Path(sys.argv[1])
# The repository, the user's home, and where this was packed, which may be neither.
places = {str(place.resolve()) for place in (pathlib.Path('.'), pathlib.Path.home(), folder.parent)} - {'/'}


def documents(pdb):
    """The names of a portable PDB's documents: it keeps their parts, so that no search of its bytes finds them."""
    streams = {}
    length = struct.unpack_from('<I', pdb, 12)[0]
    count = struct.unpack_from('<H', pdb, 18 + length)[0]
    at = 20 + length
    for _ in range(count):
        offset, size = struct.unpack_from('<II', pdb, at)
        end = pdb.index(b'\0', at + 8)
        streams[pdb[at + 8:end].decode()] = pdb[offset:offset + size]
        at = end + 4 - (end - at - 8) % 4
    tables, blobs = streams['#~'], streams['#Blob']

    def blob(index):
        first = blobs[index]
        if first < 0x80:
            start, size = index + 1, first
        elif first < 0xC0:
            start, size = index + 2, (first & 0x3F) << 8 | blobs[index + 1]
        else:
            start, size = index + 4, int.from_bytes(blobs[index:index + 4], 'big') & 0x1FFFFFFF
        return blobs[start:start + size]

    def numbers(data):
        at = 0
        while at < len(data):
            width = 1 if data[at] < 0x80 else 2 if data[at] < 0xC0 else 4
            yield int.from_bytes(data[at:at + width], 'big') & (0x7F, 0x3FFF, None, 0x1FFFFFFF)[width - 1]
            at += width

    sizes, valid = tables[6], struct.unpack_from('<Q', tables, 8)[0]
    assert valid & ((1 << 0x30) - 1) == 0, 'a PDB with tables before that of the documents'
    if not valid >> 0x30 & 1:
        return
    rows = struct.unpack_from('<I', tables, 24)[0]
    at = 24 + 4 * valid.bit_count()
    guid, index = (4 if sizes & 2 else 2), (4 if sizes & 4 else 2)
    for row in range(rows):
        start = at + row * 2 * (guid + index)
        name = blob(int.from_bytes(tables[start:start + index], 'little'))
        yield name[:1].decode().join(blob(part).decode() for part in numbers(name[1:]))


def paths_in(package):
    """Which files of a package name a place of this machine."""
    for name in package.namelist():
        content = package.read(name)
        if name.endswith('.pdb') and content.startswith(b'BSJB'):
            content += '\n'.join(documents(content)).encode()
        for place in places:
            if any((place + '/').encode(encoding) in content for encoding in ('utf-8', 'utf-16-le')):
                yield f'{name} names {place}'


repository = ['<repository type="git"'] if pathlib.Path('.git').exists() else []
problems = []
found = {}
for path in sorted(folder.glob('*.nupkg')):
    package = zipfile.ZipFile(path)
    names = package.namelist()
    nuspec = package.read(next(name for name in names if name.endswith('.nuspec'))).decode()
    ident = re.search('<id>(.*?)</id>', nuspec)[1]
    found[ident] = names

    for element in ('readme', 'icon'):
        file = re.search(f'<{element}>(.*?)</{element}>', nuspec)
        if not file or file[1] not in names:
            problems.append(f'{ident}: no {element}')
    for element in ('<license type="expression">MIT<', '<description>', '<tags>', *repository):
        if element not in nuspec:
            problems.append(f'{ident}: no {element} in its nuspec')

    symbols = path.with_suffix('.snupkg')
    pdbs = zipfile.ZipFile(symbols).namelist() if symbols.exists() else []
    for file in [path, symbols] if symbols.exists() else [path]:
        problems += [f'{file.name}: {problem}' for problem in paths_in(zipfile.ZipFile(file))]
    if not any(name.endswith('.pdb') for name in pdbs):
        problems.append(f'{ident}: no symbols')
    for library in [name for name in names if name.startswith('lib/') and name.endswith('.dll')]:
        if library.removesuffix('.dll') + '.xml' not in names:
            problems.append(f'{ident}: no documentation for {library}')
        if library.removesuffix('.dll') + '.pdb' not in pdbs:
            problems.append(f'{ident}: no symbols for {library}')
    print(f'{path.name}: {path.stat().st_size // 1024} KB, {len(names)} files')

for ident in ('Heddle', 'Heddle.Executors', 'Heddle.Orleans', 'Heddle.Silo', 'Heddle.Testing', 'Heddle.Tool', 'WikiPath'):
    if ident not in found:
        problems.append(f'no package {ident}')
for assembly in ('Heddle.Analyzers.dll', 'Heddle.Analyzers.CodeFixes.dll'):
    if f'analyzers/dotnet/cs/{assembly}' not in found.get('Heddle', []):
        problems.append(f'Heddle: no {assembly}')
for file in ('buildTransitive/Heddle.props', 'docs/rules/README.md', 'docs/rules/HED001.md'):
    if file not in found.get('Heddle', []):
        problems.append(f'Heddle: no {file}')

print(*problems, sep='\n')
sys.exit(bool(problems))
