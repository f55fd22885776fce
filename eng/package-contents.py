"""Says what is missing from the packages of a folder: what each of them has, what a library has, what is in Heddle's."""
import pathlib
import re
import sys
import zipfile

folder = pathlib.Path(sys.argv[1])
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
    if not any(name.endswith('.pdb') for name in pdbs):
        problems.append(f'{ident}: no symbols')
    for library in [name for name in names if name.startswith('lib/') and name.endswith('.dll')]:
        if library.removesuffix('.dll') + '.xml' not in names:
            problems.append(f'{ident}: no documentation for {library}')
        if library.removesuffix('.dll') + '.pdb' not in pdbs:
            problems.append(f'{ident}: no symbols for {library}')
    print(f'{path.name}: {path.stat().st_size // 1024} KB, {len(names)} files')

for ident in ('Heddle', 'Heddle.Orleans', 'Heddle.Silo', 'Heddle.Testing', 'Heddle.Tool', 'WikiPath'):
    if ident not in found:
        problems.append(f'no package {ident}')
for assembly in ('Heddle.Analyzers.dll', 'Heddle.Analyzers.CodeFixes.dll'):
    if f'analyzers/dotnet/cs/{assembly}' not in found.get('Heddle', []):
        problems.append(f'Heddle: no {assembly}')

print(*problems, sep='\n')
sys.exit(bool(problems))
