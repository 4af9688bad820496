# The front door. What a command does is in CMakeLists.txt and tools/.
#
# CC is honoured everywhere (CC=clang make check); changing it reconfigures the
# build folders. BUILD names the folder, PREFIX where `make install` puts files,
# JOBS how many compilers run at a time. ONLY names works of the bench, ROUNDS
# how often each is run.

BUILD ?= build
PREFIX ?= /usr/local
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
ifeq ($(origin CC),default)
CC :=
endif
export CC BUILD JOBS

.DEFAULT_GOAL := all
.PHONY: all lib demo demo-http check check-aarch64 torture sanitize valgrind \
	mutants parity-fuzz parity-fuzz-planted fmt lint docs snippets rows \
	flags size bench bench-deps bench-budget charts install clean help

configure = tools/configure.sh
build = cmake --build

all: ## build the library, the examples and the tests in build/
	@$(configure) $(BUILD) -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	@$(build) $(BUILD) --parallel $(JOBS)

lib: ## build what is installed, without the examples and the tests
	@$(configure) $(BUILD) -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	@$(build) $(BUILD) --parallel $(JOBS) --target installed

demo: all ## show what cede does, in a few seconds
	@tools/demo.sh

demo-http: all ## serve http://127.0.0.1:8080/
	@$(BUILD)/examples/http_hello 8080

check: ## every test, in every configuration: what must hold before a commit
	@tools/check.sh

check-aarch64: ## the tests on aarch64, under qemu-user
	@tools/check-aarch64.sh

torture: ## fail each allocation and system call of every test, shuffle its loop
	@tools/torture.sh

sanitize: ## every test under ASan and UBSan, then under TSan
	@tools/check.sh asan tsan

valgrind: ## every test under valgrind
	@tools/valgrind.sh

mutants: ## break rule after rule, to see that their tests notice
	@tests/mutants/mutants.py $(BUILD)/mutants

parity-fuzz: ## random programs with cede and CPython: N=10000 SEED=1
	@$(configure) $(BUILD)
	@$(build) $(BUILD) --parallel $(JOBS) --target parity_driver
	@tests/parity/fuzz/fuzz.py --count $(or $(N),10000) --seed $(or $(SEED),1) \
		--driver $(BUILD)/tests/parity/fuzz/parity_driver

parity-fuzz-planted: ## plant mistakes, to see that random programs find them
	@tests/parity/fuzz/planted.py $(BUILD)/planted

snippets: ## put the true code and output into the documents
	@tools/snippets.py --write

fmt: ## format the sources
	@tools/format.sh

lint: ## include directions, cede-lint and clang-tidy
	@tools/lint.sh

docs: ## the reference, HTML and man pages, in build/docs/
	@tools/reference/reference.sh $(BUILD)

rows: ## the rows of the source documents, beside the Python they are for
	@tools/rows.py

flags: ## floors 0 to 2 with gcc and clang under 14 sets of flags
	@tools/flags.sh

size: ## how big libcede-coro is
	@tools/size.sh

bench: ## cede beside its peers: ONLY=generator,switch ROUNDS=9
	@bench/run.py --only "$(ONLY)" --rounds $(or $(ROUNDS),9)

bench-deps: ## install the peers that the bench compares with
	@bench/deps.sh

bench-budget: ## count instructions anew into bench/budget.tsv
	@bench/budget.py --write

charts: ## docs/performance.md and its pictures, of the last bench
	@bench/charts.py

install: lib ## install into PREFIX (default /usr/local)
	@cmake --install $(BUILD) --prefix $(PREFIX)

clean: ## remove everything that was built
	@rm -rf $(BUILD)

help: ## list these targets
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | \
		expand -t 22
