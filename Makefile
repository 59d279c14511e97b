# Everything a developer runs. Needs git, make and python3 with venv; `bootstrap` installs the rest into .venv.
PYTHON ?= python3
MEMBERS ?= 2000
WORKERS ?= 2
WARIFU_HOME ?= $(CURDIR)/.warifu
export WARIFU_HOME
# For this room's and the tests' own packages; processes of a deployment are started without it.
export PYTHONPATH := deploy/local:tests
RUN := .venv/bin/python -m
# Folders from which our packages are imported; mypy must know them to name each module once.
SOURCES := $(patsubst %/pyproject.toml,%,$(wildcard $(addsuffix /*/pyproject.toml,libs services clients))) deploy/local tests
empty :=
space := $(empty) $(empty)

.PHONY: help demo test check drill bench speed public simulate walk many spark screenshots backup restore contracts locks clean bootstrap

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: bootstrap ## Run everything on this machine (MEMBERS=2000, ONCE=1 ends by itself, ISOLATED=1 separate networks, BASE_PORT=8100, WARIFU_HOME=.warifu)
	@$(RUN) local demo --members $(MEMBERS) $(if $(ONCE),--once) $(if $(ISOLATED),--isolated) $(if $(BASE_PORT),--base-port $(BASE_PORT))

test: bootstrap ## Run the tests (ARGS=tests/deploy for some of them, WORKERS=2)
	@$(RUN) pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(or $(ARGS),tests)

check: bootstrap ## Style, types and import rules
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@MYPYPATH=$(subst $(space),:,$(strip $(SOURCES))) .venv/bin/mypy $(SOURCES)
	@.venv/bin/lint-imports

drill: bootstrap ## Attack every host and pair of hosts (SHORT=1, LIST=1 names the plants, PLANT=name plants one, REPORT=file)
	@$(RUN) drill $(if $(LIST),--list) $(if $(PLANT),--plant $(PLANT)) $(if $(SHORT),--short) $(if $(REPORT),--report $(REPORT)) $(ARGS)

bench: bootstrap ## Measure against named peers; writes bench/report.json
	@$(RUN) bench $(ARGS)

speed: bootstrap ## How fast the portal is in a browser here: from a press to checkups, scrolling, size of the first view
	@$(RUN) browser.speed

public: bootstrap ## Draw noise for public tables with OpenDP, which is fetched (47 MB), and see that it is what it says
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r locks/public-tables.txt
	@$(RUN) pytest -q tests/libs/analysis/with_opendp.py $(ARGS)

simulate: bootstrap ## Live many members' lives with accidents at any call, and walk for four weeks (LIVES=500, WALKERS=2000)
	@WARIFU_LIVES=$(or $(LIVES),500) WARIFU_WALKERS=$(or $(WALKERS),2000) $(RUN) pytest -q tests/simulation $(ARGS)

walk: bootstrap ## The four weeks alone, over HTTP (WALKERS=2000; 50000 takes an hour)
	@WARIFU_WALKERS=$(or $(WALKERS),2000) $(RUN) pytest -q tests/simulation/test_walk.py $(ARGS)

many: bootstrap ## The four weeks at the store: counted, sealed, published, recounted (WALKERS=500000)
	@$(RUN) simulation.many --members $(or $(WALKERS),500000)

spark: bootstrap ## Ask Apache Spark every registered question of analysis, and compare (needs Java 17; installs PySpark into .warifu-spark)
	@$(RUN) local spark

backup: bootstrap ## Back up every host of the local deployment, sealed (TO=folder)
	@$(RUN) local backup --to $(or $(TO),$(error TO=folder))

restore: bootstrap ## Make one stopped host's database anew from a backup, then forget who was erased since (HOST=name FROM=file)
	@$(RUN) local restore --host $(or $(HOST),$(error HOST=name)) --from $(or $(FROM),$(error FROM=file))

screenshots: bootstrap ## Pictures of the members' portal, to .warifu-screenshots
	@mkdir -p .warifu-screenshots
	@WARIFU_SCREENSHOTS=$(CURDIR)/.warifu-screenshots $(RUN) pytest -q tests/browser/test_portal_app.py tests/browser/test_members.py

contracts: bootstrap ## Write OpenAPI documents and problem types anew
	@$(RUN) local contracts

locks: bootstrap ## Pin all dependencies anew
	@$(RUN) local locks

clean: ## Forget the local data and the tools' caches
	@$(PYTHON) -m local clean

bootstrap:
	@$(PYTHON) deploy/local/bootstrap
