"""Where things are, and where what is built goes."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BENCH = ROOT / "bench"
PEERS = BENCH / "peers"
BUILT = ROOT / "artifacts" / "bench"
