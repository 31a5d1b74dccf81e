# make lab        opens JupyterLab on the first notebook
# make test       lint, types, unit and property tests, notebooks, browser
# make notebooks  executes all notebooks again, in place
# make site       writes the lesson as pages that are alive into build/site, with npm slides as well
# make lighthouse measures the site's pages as on a phone, on an idle machine; needs npm
# make links      prints the links that open the first notebook on Binder and on a hub
# make bench      measures slider to pixel beside what people use today, in under 10 minutes
# make test-torch tests with the oldest torch that will do and with the newest; by hand, as plain pip
#                 brings CUDA: give TORCH_INDEX
# make classroom-test  three students on a JupyterHub on 127.0.0.1; needs npm
# make help       prints this
# make clean      removes what make installed and what tests left
#
# PYTHON       the Python that the environment is made from, 3.11 to 3.14
# ARGS         passed on to JupyterLab, to pytest or to the benchmark, e.g. make lab ARGS=--no-browser
# TORCH_INDEX  where to take torch from. On Linux without a GPU this saves gigabytes of CUDA:
#              make lab TORCH_INDEX=https://download.pytorch.org/whl/cpu

PYTHON ?= python3
ARGS ?=
TORCH_INDEX ?=

BIN := .venv/bin
# What a learner needs, and what the tests need beside it. A target is a file that is written last.
RUNTIME := .venv/runtime
INSTALLED := .venv/installed
MADE_FOR := .venv/made-for
PIP := $(BIN)/python -m pip install -c constraints.txt
# Why .venv must be made again, if it must; PYTHON has a say only where the user set it.
WHY := $(shell sh tools/venv.sh why $(if $(filter-out file,$(origin PYTHON)),"$(PYTHON)"))
PROXY := classroom/.proxy/installed
REVEAL := build/npm/installed
# Slides need reveal.js from npm; without npm the site has none, says so, and their tests are skipped.
SLIDES := $(if $(shell command -v npm 2> /dev/null),$(REVEAL))
LIGHTHOUSE := build/lighthouse/installed
FIRST := notebooks/01_single_sample.ipynb
# JupyterLab refuses to run as root, as in a container, unless it is told to.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# The project's own kernel comes before one of the same name in the user's home.
export JUPYTER_PREFER_ENV_PATH := 1
# Nor do other packages, kernels, styles or places to install to reach in from the user's shell.
unexport PYTHONPATH PYTHONHOME JUPYTER_PATH JUPYTER_CONFIG_PATH MATPLOTLIBRC PIP_TARGET PIP_PREFIX
# A kernel, or a process of the tests, that finds no bytecode compiles all modules again.
unexport PYTHONDONTWRITEBYTECODE
export PIP_USER := 0
export MPLCONFIGDIR := $(CURDIR)/.venv/matplotlib
# Jupyter writes there; a folder that is not there yet is made.
ifneq ($(shell cd "$$HOME" 2> /dev/null && for folder in . .jupyter .local .local/share .local/share/jupyter \
	.ipython; do [ ! -e $$folder ] || [ -w $$folder ] || echo no; done; [ -d "$$HOME" ] || echo no),)
  $(info The home folder $(HOME) cannot be written, so Jupyter uses build/home instead.)
  export HOME := $(shell mkdir -p build/home)$(CURDIR)/build/home
endif

.PHONY: help lab test test-torch notebooks site lighthouse links bench classroom-test clean again

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

lab: $(RUNTIME)
	$(BIN)/jupyter lab --ServerApp.root_dir="$(CURDIR)" --ServerApp.preferred_dir="$(CURDIR)" \
		--LabApp.default_url=/lab/tree/$(FIRST) $(AS_ROOT) $(ARGS)

test: $(INSTALLED) $(SLIDES)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 3 $(ARGS)

# Each in build/torch, made anew. The browser tests ask for no more of torch.
OLDEST_TORCH := $(shell sed -n 's/.*"torch>=\(.*\)".*/\1.0/p' pyproject.toml)
test-torch:
	mkdir -p build
	grep -v '^torch==' constraints.txt > build/constraints.txt
	set -e; for torch in torch==$(OLDEST_TORCH) torch; do \
	  $(PYTHON) -m venv --clear build/torch; \
	  build/torch/bin/pip install $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $$torch; \
	  build/torch/bin/pip install -c build/constraints.txt -e '.[test]'; \
	  build/torch/bin/python -c 'import torch; print("torch", torch.__version__)'; \
	  build/torch/bin/python -m pytest --ignore tests/browser $(ARGS); \
	done

notebooks: $(RUNTIME)
	$(BIN)/python -m tools.execute_notebooks $(ARGS)

site: $(INSTALLED) $(SLIDES)
	$(BIN)/python -m tools.site $(ARGS)

$(REVEAL):
	npm install --silent --no-save --ignore-scripts --prefix build/npm reveal.js@5.2.1
	@touch $@

lighthouse: site $(LIGHTHOUSE)
	$(BIN)/python -m tools.site.lighthouse

# 13 needs a newer Node.js than Debian 12 has.
$(LIGHTHOUSE):
	npm install --silent --no-save --prefix build/lighthouse lighthouse@12
	@touch $@

links:
	@sh tools/venv.sh check $(PYTHON)
	@$(PYTHON) -m tools.launch_links $(ARGS)

bench: $(INSTALLED)
	$(PIP) -e '.[bench]'
	$(BIN)/python -m benchmarks $(ARGS)

classroom-test: $(INSTALLED) $(PROXY)
	$(PIP) -e '.[classroom]'
	$(BIN)/python -m pytest classroom/test_class.py $(ARGS)

# 5.1.0 is the last release whose parts run on Node.js 18, which Debian 12 has.
$(PROXY):
	@command -v npm > /dev/null || { echo "npm is missing: install Node.js 18 or later, on Debian \
	and Ubuntu with: apt-get install nodejs npm"; exit 1; }
	npm install --silent --prefix classroom/.proxy configurable-http-proxy@5.1.0
	@touch $@

$(MADE_FOR): $(if $(WHY),again)
	@sh tools/venv.sh make $(PYTHON)

# pip that fails leaves an environment as it was; pip that is interrupted leaves .venv/installing.
define install
@touch .venv/installing
@$(PIP) $(1) || { rm .venv/installing; echo "pip could not install this; why stands above."; exit 1; }
@rm .venv/installing
endef

$(RUNTIME): $(MADE_FOR) pyproject.toml constraints.txt $(wildcard tools/jupyter*.json)
	@echo "Installing JupyterLab, PyTorch and what else the notebooks need: 290 MB to load, 1.3 GB on the disk."
	@$(if $(TORCH_INDEX),,[ "$$(uname)" != Linux ] || echo "On Linux pip may bring CUDA too," \
		"5 GB on the disk; README.md says how to do without.")
	$(if $(TORCH_INDEX),$(call install,--index-url $(TORCH_INDEX) torch))
	$(call install,-e .)
	@$(BIN)/python -c "import ce_helpers"  # writes bytecode and matplotlib's list of fonts
	@touch $@

$(INSTALLED): $(RUNTIME)
	@echo "Installing what the tests need beside it: 70 MB to load, 0.2 GB on the disk."
	$(call install,-e '.[test]')
	@touch $@

clean:
	rm -rf .venv build .pytest_cache .hypothesis .mypy_cache .ruff_cache classroom/.proxy
	find . -name __pycache__ -prune -exec rm -rf {} +
