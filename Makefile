# make demo    build, make a small synthetic city, load it, serve it, and print what to try
# make test    everything that must hold: format, lints, tidy, tests, documentation, other people's programs
#              (Python 3.11 with venv), and the console in a browser (Node 18, npm, Chromium)
# make console-pace  how quickly the console answers (PERSONS=20000)
# make bench   the table of speeds, beside PostgreSQL + PostGIS where they are installed

CARGO ?= cargo
PYTHON ?= python3
# Where the demo's data directory is made.
DATA ?= city
PERSONS ?= 20000
LISTEN ?= 127.0.0.1:8080

.PHONY: demo test console console-check format lint tidy tests console-tests console-pace documentation clients bench

demo: console
	$(CARGO) build --release --package cli
	$${CARGO_TARGET_DIR:-target}/release/jiku demo --data $(DATA) --persons $(PERSONS) --listen $(LISTEN)

test: console console-check format lint tidy tests documentation clients console-tests

# What is built is embedded: this comes before cargo, and is left alone where nothing has changed.
console: crates/console/dist/index.html

crates/console/dist/index.html: crates/console/node_modules/.package-lock.json $(shell find crates/console/web -type f) \
		$(addprefix crates/console/,index.html package.json tsconfig.json vite.config.ts)
	cd crates/console && npm run build

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund

console-check: crates/console/node_modules/.package-lock.json
	cd crates/console && npm run check

# In a browser, against a server: Debian's chromium, or another in CHROMIUM.
console-tests: console tests/console/node_modules/.package-lock.json
	$(CARGO) build --workspace --bins
	cd tests/console && timeout 900 npm test

# How quickly the console answers in a larger city, as it would be served: a browser, and a release build.
console-pace: console tests/console/node_modules/.package-lock.json
	$(CARGO) build --release --package cli
	cd tests/console && JIKU_BINARY=$(abspath $(or $(CARGO_TARGET_DIR),target))/release/jiku PERSONS=$(PERSONS) timeout 900 npm run pace

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
