# make demo    build, make a small synthetic city, load it, serve it, and print what to try
# make test    everything that must hold: format, lints, tidy, tests, documentation, and other people's
#              programs (needs Python 3.11 with venv, and pip's registry once)
# make bench   the table of speeds, beside PostgreSQL + PostGIS where they are installed

CARGO ?= cargo
PYTHON ?= python3
# Where the demo's data directory is made.
DATA ?= city
PERSONS ?= 20000
LISTEN ?= 127.0.0.1:8080

.PHONY: demo test format lint tidy tests documentation clients bench

demo:
	$(CARGO) build --release --package cli
	$${CARGO_TARGET_DIR:-target}/release/jiku demo --data $(DATA) --persons $(PERSONS) --listen $(LISTEN)

test: format lint tidy tests documentation clients

format:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --workspace --all-targets -- --deny warnings

tidy:
	$(CARGO) xtask tidy

# nextest runs the tests of all packages at once, but not the examples in documentation.
tests:
	@if $(CARGO) nextest --version >/dev/null 2>&1; then set -ex; \
		$(CARGO) nextest run --workspace --no-fail-fast; \
		$(CARGO) test --workspace --doc; \
	else set -ex; \
		$(CARGO) test --workspace --no-fail-fast; \
	fi

documentation:
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --workspace --no-deps

# GDAL, OWSLib, schemathesis and a decoder of vector tiles against a small city that is served meanwhile.
clients:
	$(CARGO) build --workspace --bins
	$(PYTHON) tests/clients/run.py $${CARGO_TARGET_DIR:-target}/debug/jiku $${CARGO_TARGET_DIR:-target}

bench:
	$(CARGO) build --release --package cli
	$(CARGO) run --release --package jiku-benches
