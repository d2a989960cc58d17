"""Measures Presidio's pattern recognisers, without a language model, on files cut into pieces of 8 KB."""
import importlib.metadata
import inspect
import sys
import time

import presidio_analyzer.predefined_recognizers as predefined
from presidio_analyzer import PatternRecognizer

PIECE = 8192
MOST = 16  # pieces of a file: it is slow enough to measure on few


def recognisers(wanted):
    kinds = [kind for _, kind in inspect.getmembers(predefined, inspect.isclass) if issubclass(kind, PatternRecognizer)]
    made = []
    for kind in kinds:
        try:
            made.append(kind())
        except Exception:  # some need a service
            continue
    return [one for one in made if wanted is None or any(entity in wanted for entity in one.supported_entities)]


def speed(all, text):
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)][:MOST]
    start, found = time.process_time(), 0
    for piece in pieces:
        for one in all:
            found += len(one.analyze(piece, one.supported_entities, None) or [])
    spent = time.process_time() - start
    return sum(len(piece.encode()) for piece in pieces) / 1e6 / spent, found


CANADA = {"CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS", "URL", "IP_ADDRESS", "DATE_TIME", "CRYPTO", "MAC_ADDRESS", "CA_SIN", "CA_POSTAL_CODE"}

print("presidio-analyzer", importlib.metadata.version("presidio-analyzer"), "on Python", sys.version.split()[0])
for file in sys.argv[1:]:
    text = open(file, encoding="utf-8").read()
    for name, wanted in (("general and Canadian", CANADA), ("all patterns", None)):
        all = recognisers(wanted)
        rate, found = speed(all, text)
        print(f"{file.rsplit('/', 1)[-1]:28} {len(all):3} recognisers, {name:22} {rate:8.3f} MB/s, {found} found")
