# make lab        opens JupyterLab on the first notebook
# make test       lint, unit and property tests, notebooks, browser
# make notebooks  executes all notebooks again, in place
# make clean      removes what make installed and what tests left
#
# PYTHON       the Python that the environment is made from, 3.11 or later
# ARGS         passed on to JupyterLab or to pytest, e.g. make lab ARGS=--no-browser
# TORCH_INDEX  where to take torch from. On Linux without a GPU this saves gigabytes of CUDA:
#              make lab TORCH_INDEX=https://download.pytorch.org/whl/cpu

PYTHON ?= python3
ARGS ?=
TORCH_INDEX ?=

BIN := .venv/bin
INSTALLED := .venv/installed
FIRST := notebooks/01_single_sample.ipynb
# JupyterLab refuses to run as root, as in a container, unless it is told to.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# The project's own kernel comes before one of the same name in the user's home.
export JUPYTER_PREFER_ENV_PATH := 1

.PHONY: lab test notebooks clean

lab: $(INSTALLED)
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/$(FIRST) $(AS_ROOT) $(ARGS)

test: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m pytest $(ARGS)

notebooks: $(INSTALLED)
	$(BIN)/python -m tools.execute_notebooks $(ARGS)

$(INSTALLED): pyproject.toml constraints.txt jupyterlab_settings.json
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv .venv
	$(if $(TORCH_INDEX),$(BIN)/pip install --quiet -c constraints.txt --index-url $(TORCH_INDEX) torch)
	$(BIN)/pip install --quiet -c constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf .venv .pytest_cache .hypothesis .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
