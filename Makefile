# SPDX-License-Identifier: GPL-3.0-or-later
# `make help` lists what there is. All set-up (virtual environments, Kafka's jars) goes to a cache outside the tree:
# $STREAMOPS_CACHE, else $XDG_CACHE_HOME or ~/.cache with the name streamops-kafka-connect.

.POSIX:
.SUFFIXES:

# Any Python 3.10+ can find and make the environments; the rest runs in these.
FIND_PYTHON = python=$$(.ci/find-python)
NEWEST = $(FIND_PYTHON) && python=$$($$python -m testing.tooling.environments newest) && PATH="$$(dirname $$python):$$PATH" && export PATH
QUALITY = $(FIND_PYTHON) && python=$$($$python -m testing.tooling.environments quality) && PATH="$$(dirname $$python):$$PATH" && export PATH
RUN = $(FIND_PYTHON) && $$python -m testing.tooling.run

# What one session or sandbox is asked for: make nox SESSIONS="lint unit-2.21"; make sandbox-up SANDBOX="--name mine --kafka 3.9"
SESSIONS =
SANDBOX =
CHAOS =
TAG =
RECORD =

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

demo: ## a real cluster and the main job on it, step by step
	@$(NEWEST) && $$python -m testing.demo up

demo-picture: ## runs the demo, and draws the picture of the README out of what it printed
	@$(NEWEST) && $$python -m testing.demo picture && $$python -m testing.demo down

demo-down: ## ends what demo started, leaves nothing
	@$(NEWEST) && $$python -m testing.demo down

check: ## for every save: lint, types, docs, and the unit tests on the newest ansible-core
	@$(RUN) --check

test: ## every check and test that needs no root, with a table at the end
	@$(RUN)

test-deep: ## the slow rest: other versions of ansible-core, Kafka 3.9, many more random examples
	@$(RUN) --deep

test-hosts: ## the roles on real hosts with systemd, over SSH; needs root
	@$(RUN) --hosts

test-hosts-deep: ## more roles on real hosts, which would make test-hosts too long
	@$(RUN) --hosts-deep

nox: ## some sessions only: make nox SESSIONS="lint unit-2.21"
	@$(RUN) $(SESSIONS)

build: ## the collection as it is published, in tests/output/release
	@$(QUALITY) && $$python -m testing.tooling.release build

release-check: ## that TAG, galaxy.yml and the changelog name one version; writes its release notes: make release-check TAG=1.2.3
	@$(QUALITY) && $$python -m testing.tooling.release check "$(TAG)"

pictures: ## draws docs/images from their sources
	@$(NEWEST) && $$python -m testing.pictures

returns: ## writes the RETURN blocks of the modules from docs/development/returns
	@$(NEWEST) && $$python -m testing.tooling.returns

format: ## rewrites what ruff can put right
	@$(RUN) format

benchmark: ## speed side by side with the alternatives
	@$(NEWEST) && $$python -m testing.benchmark

chaos: ## faults of a real cluster while runs are under way: CHAOS="--seed 7 --minutes 20 --kafka 4.3 --faults flapping"
	@$(NEWEST) && $$python -m testing.chaos $(CHAOS)

sandbox-up: ## a real broker and three real workers: SANDBOX="--name mine --kafka 3.9 --secure"
	@$(NEWEST) && $$python -m testing.sandbox up $(SANDBOX)

sandbox-down: ## ends them: SANDBOX="--name mine"
	@$(NEWEST) && $$python -m testing.sandbox down $(SANDBOX)

record-keys: ## writes the engine's data about keys; RECORD="--kafka 4.3.1" reads those of a Kafka release first
	@$(NEWEST) && $$python -m testing.record_keys $(RECORD)

venv: ## makes the virtual environment of the newest ansible-core and prints its activate script
	@$(NEWEST) && echo "$$(dirname $$python)/activate"

.PHONY: help demo demo-picture build release-check pictures demo-down check test test-deep test-hosts test-hosts-deep nox returns format benchmark chaos sandbox-up sandbox-down record-keys venv
