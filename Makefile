# Shorthands; everything that matters is in run.py.
.PHONY: serve test lock messages

serve:
	python3 run.py

test:
	python3 run.py test

PIP_COMPILE = CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock:
	.venv/bin/python -m pip install --quiet pip-tools==7.6.2
	$(PIP_COMPILE) --output-file requirements.lock requirements.txt
	$(PIP_COMPILE) --output-file requirements-dev.lock requirements-dev.in
	$(PIP_COMPILE) --output-file requirements-node.lock requirements-node.in
	npm install --package-lock-only

messages:
	msgfmt --check-format -o tracker/locale/zh_Hans/LC_MESSAGES/django.mo tracker/locale/zh_Hans/LC_MESSAGES/django.po
