# make lab        opens JupyterLab on the first notebook
# make test       lint, types, unit and property tests, notebooks, browser
# make notebooks  executes all notebooks again, in place
# make slides     writes slides of notebooks 01 to 03 into build/slides; needs npm
# make html       writes every notebook as a page into build/html
# make links      prints the links that open the first notebook on Binder and on a hub
# make bench      measures slider to pixel beside what people use today, in under 10 minutes
# make classroom-test  a JupyterHub on 127.0.0.1 with three simulated students; needs npm
# make clean      removes what make installed and what tests left
#
# PYTHON       the Python that the environment is made from, 3.11 or later
# ARGS         passed on to JupyterLab, to pytest or to the benchmark, e.g. make lab ARGS=--no-browser
# TORCH_INDEX  where to take torch from. On Linux without a GPU this saves gigabytes of CUDA:
#              make lab TORCH_INDEX=https://download.pytorch.org/whl/cpu

PYTHON ?= python3
ARGS ?=
TORCH_INDEX ?=

BIN := .venv/bin
INSTALLED := .venv/installed
PROXY := classroom/.proxy
REVEAL := build/npm/node_modules/reveal.js/package.json
FIRST := notebooks/01_single_sample.ipynb
# JupyterLab refuses to run as root, as in a container, unless it is told to.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# The project's own kernel comes before one of the same name in the user's home.
export JUPYTER_PREFER_ENV_PATH := 1

.PHONY: lab test notebooks slides html links bench classroom-test clean

lab: $(INSTALLED)
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/$(FIRST) $(AS_ROOT) $(ARGS)

test: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest $(ARGS)

notebooks: $(INSTALLED)
	$(BIN)/python -m tools.execute_notebooks $(ARGS)

slides: $(INSTALLED) $(REVEAL)
	$(BIN)/python -m tools.export slides $(ARGS)

$(REVEAL):
	@command -v npm > /dev/null || { echo "npm is missing: install Node.js, on Debian and Ubuntu \
	with: apt-get install nodejs npm"; exit 1; }
	npm install --silent --no-save --ignore-scripts --prefix build/npm reveal.js@5.2.1

html: $(INSTALLED)
	$(BIN)/python -m tools.export html $(ARGS)

links:
	@$(PYTHON) -m tools.launch_links $(ARGS)

bench: $(INSTALLED)
	$(BIN)/pip install --quiet -c constraints.txt -e '.[bench]'
	$(BIN)/python -m benchmarks $(ARGS)

classroom-test: $(INSTALLED) $(PROXY)
	$(BIN)/pip install --quiet -c constraints.txt -e '.[classroom]'
	$(BIN)/python -m classroom.load --students 3 --moves 10 $(ARGS)

# 5.1.0 is the last release whose parts run on Node.js 18, which Debian 12 has.
$(PROXY):
	@command -v npm > /dev/null || { echo "npm is missing: install Node.js 18 or later, on Debian \
	and Ubuntu with: apt-get install nodejs npm"; exit 1; }
	npm install --silent --prefix $@ configurable-http-proxy@5.1.0

$(INSTALLED): pyproject.toml constraints.txt jupyterlab_settings.json
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv .venv
	$(if $(TORCH_INDEX),$(BIN)/pip install --quiet -c constraints.txt --index-url $(TORCH_INDEX) torch)
	$(BIN)/pip install --quiet -c constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf .venv build .pytest_cache .hypothesis .mypy_cache .ruff_cache $(PROXY)
	find . -name __pycache__ -prune -exec rm -rf {} +
