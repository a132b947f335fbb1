# Zhicha 直查: `make run` and `make test` need nothing but Python 3.11, Node 20.19 and make.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-$(shell cksum requirements.lock pyproject.toml | cksum | cut -d' ' -f1)
DEV_STAMP := $(VENV)/.dev-$(shell cksum requirements-dev.lock pyproject.toml | cksum | cut -d' ' -f1)
NODE_STAMP := pwa/node_modules/.installed-$(shell cksum < pwa/package-lock.json | cut -d' ' -f1)
PWA_STAMP := pwa/dist/.built
PWA_SOURCES := $(shell find pwa/src pwa/public pwa/scripts -type f 2>/dev/null) \
  $(wildcard pwa/*.ts pwa/*.json)
STEP := deploy/step.sh
SIDE_BY_SIDE := --numprocesses logical --dist loadgroup --no-loadscope-reorder

.PHONY: help run test check lint ruff biome types contracts bench setup tools lock api pictures requirements clean

help: ## 列出目标 · list targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST) | sort
	@echo "  make run LAN=1    允许同一网络的手机访问（HTTPS） · HTTPS for phones on the same network"

run: $(RUN_STAMP) $(PWA_STAMP) ## 启动产品（首次自动安装） · set up and start the product
	@ZHICHA_DEMO=$${ZHICHA_DEMO:-1} exec $(BIN)/zhicha up $(if $(LAN),--lan) $(if $(PORT),--port $(PORT))

setup: $(DEV_STAMP) $(PWA_STAMP) tools ## 安装开发与测试所需 · install all that development and tests need

tools: $(DEV_STAMP)
	@$(STEP) "测试工具 · test tools" deploy/test-tools.sh

test: setup ## 运行全部测试 · run all tests
	@$(STEP) "前端测试 · front-end tests" npm --prefix pwa test --silent
	@$(BIN)/pytest -q --ignore=tests/bench $(SIDE_BY_SIDE) $(ARGS)

check: lint types contracts test ## 检查与测试 · lint, types, import contracts, tests

lint: ruff biome

ruff: $(DEV_STAMP)
	@$(STEP) "ruff format" $(BIN)/ruff format --check --quiet .
	@$(STEP) "ruff" $(BIN)/ruff check --quiet .

biome: $(NODE_STAMP)
	@$(STEP) "biome, vue-tsc" npm --prefix pwa run check --silent

types: $(DEV_STAMP)
	@$(STEP) "mypy" $(BIN)/mypy

contracts: $(DEV_STAMP)
	@$(STEP) "import-linter" $(BIN)/lint-imports

bench: setup ## 性能测量 · measure against the machine's own ceiling
	@$(BIN)/pytest -q -s tests/bench $(ARGS)

api: $(DEV_STAMP) $(NODE_STAMP) ## 更新接口描述与前端类型 · renew docs/openapi.json and the PWA's types
	@$(BIN)/python deploy/api.py

pictures: setup ## 重拍说明文件中的图片 · take the README's pictures anew
	@$(STEP) "图片 · pictures" $(BIN)/python -m tests.e2e.pictures

requirements: $(DEV_STAMP) ## 手册要求与测试的对应 · requirements of the handbook and their tests
	@$(BIN)/python -m tests.contracts.coverage

lock: $(DEV_STAMP) ## 重新锁定依赖 · resolve and lock the dependencies again
	@$(BIN)/python deploy/lock.py

clean: ## 删除安装与构建结果，保留数据 · remove what was installed and built, keep the data
	@rm -rf $(VENV) pwa/node_modules pwa/dist

$(BIN)/python:
	@deploy/requirements.sh "$(PYTHON)"
	@$(STEP) "虚拟环境 · virtual environment" $(PYTHON) -m venv $(VENV)

$(RUN_STAMP): | $(BIN)/python
	@$(STEP) "Python 依赖 · Python dependencies" deploy/install.sh $(BIN) requirements.lock
	@touch $@

$(DEV_STAMP): | $(BIN)/python
	@$(STEP) "Python 依赖 · Python dependencies" deploy/install.sh $(BIN) requirements-dev.lock
	@touch $@ $(RUN_STAMP)

$(NODE_STAMP):
	@deploy/requirements.sh "$(PYTHON)"
	@$(STEP) "前端依赖 · front-end dependencies" npm --prefix pwa ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PWA_STAMP): $(PWA_SOURCES) | $(NODE_STAMP)
	@$(STEP) "构建前端 · front-end build" npm --prefix pwa run build --silent
	@touch $@
