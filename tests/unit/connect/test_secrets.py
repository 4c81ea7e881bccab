# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.masked import MASK
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.secret_keys import (
    has_reference,
    is_reference,
    is_secret,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.secrets import (
    literal_secret_keys,
    mask_config,
    mask_text,
    secret_values,
    unresolved,
)

PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n9w0BAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----\n"
JAAS = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="app" password="{}";'

SECRET_KEYS = [
    "database.password",
    "connection.password",
    "connectionPassword",
    "DB_PASSWORD",
    "dbpassword",
    "ssl.keystore.password",
    "ssl.key.password",
    "ssl.keystore.key",
    "producer.override.sasl.jaas.config",
    "value.converter.basic.auth.user.info",
    "value.converter.schema.registry.basic.auth.user.info",
    "aws.access.key.id",
    "aws.secret.access.key",
    "AWS_SECRET_ACCESS_KEY",
    "s3.accessKey",
    "azblob.account.key",
    "snowflake.private.key",
    "snowflake.private.key.passphrase",
    "sasl.oauthbearer.client.credentials.client.secret",
    "salesforce.consumer.secret",
    "salesforce.password.token",
    "gcs.credentials.json",
    "api.key",
    "apikey",
    "datadog.api_key",
    "github.access.token",
    "confluent.license",
    "mqtt.passwd",
    "ftp.pass",
    "secret.id",
    "transforms.cipher.cipher.data.keys",
    "transforms.call.auth.token",
    "config.providers.vault.param.token",
]
OTHER_KEYS = [
    "name",
    "key.converter",
    "key.converter.schemas.enable",
    "value.converter.schema.registry.url",
    "tasks.max",
    "message.key.columns",
    "primary.key.field",
    "transforms.route.key.field",
    "transforms.hide.access.key.field",
    "transforms.password.type",
    "transforms.token.negate",
    "transforms.tokenizer.type",
    "tokenizer.language",
    "predicates.secret.pattern",
    "sasl.oauthbearer.token.endpoint.url",
    "sasl.oauthbearer.client.credentials.client.id",
    "sasl.oauthbearer.assertion.private.key.file",
    "ssl.truststore.certificates",
    "ssl.keystore.certificate.chain",
    "ssl.keystore.type",
    "ssl.keystore.location",
    "s3.credentials.provider.class",
    "value.converter.basic.auth.credentials.source",
    "credentials.path",
    "confluent.license.topic.replication.factor",
    "topic.creation.token.partitions",
    "config.providers.secrets.class",
    "monkey.business",
    "database.user",
    "consumer.override.client.id",
    "passthrough.columns",
]


@pytest.mark.parametrize("key", SECRET_KEYS)
def test_secret_keys_are_recognized(key: str) -> None:
    assert is_secret(key)
    assert mask_config({key: "S3cr3t-value"}) == {key: MASK}


@pytest.mark.parametrize("key", OTHER_KEYS)
def test_other_keys_are_not_secret(key: str) -> None:
    assert not is_secret(key)
    assert mask_config({key: "some-value"}) == {key: "some-value"}


def test_keys_that_the_plugin_types_as_password_are_secret() -> None:
    assert mask_config({"pin": "12345"}, {"pin"}) == {"pin": MASK}
    assert secret_values({"pin": "12345"}, {"pin"}) == {"12345"}


def test_a_private_key_is_secret_under_any_name() -> None:
    assert is_secret("keyfile", PEM)
    assert is_secret("keyfile", json.dumps({"type": "service_account", "private_key": PEM}))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("${file:/etc/secrets.properties:password}", True),
        ("${env:PASSWORD}", True),
        ("${secrets:team/db:user}${secrets:team/db:password}", True),
        ("${PASSWORD}", False),
        ("prefix-${env:PASSWORD}", False),
        ("plain", False),
        ("", False),
    ],
)
def test_references_are_recognized(value: str, expected: bool) -> None:
    assert is_reference(value) is expected


def test_references_masks_and_empty_values_are_shown_unchanged() -> None:
    config = {"a.password": "${file:/x:y}", "b.password": "", "c.password": "[hidden]"}
    assert mask_config(config) == config
    assert secret_values(config) == frozenset()
    assert literal_secret_keys(config) == ()


def test_literal_secrets_are_named() -> None:
    config = {
        "z.password": "hunter22",
        "a.token": "abc",
        "sasl.jaas.config": JAAS.format("${env:PW}"),
        "basic.auth.user.info": "user:${env:PW}",
        "pin": "1234",
        "topics": "t",
    }
    assert literal_secret_keys(config, {"pin"}) == ("a.token", "pin", "z.password")


def test_urls_and_jaas_values_are_partly_masked() -> None:
    shown = mask_config(
        {
            "connection.uri": "mongodb://app:p@ss/w0rd@a:27017,b:27017/?authSource=admin",
            "connection.url": "jdbc:sqlserver://db:1433;user=app;password=S3cret!;encrypt=true",
            "oracle.url": "jdbc:oracle:thin:scott/tiger@//db:1521/x",
            "sasl.jaas.config": JAAS.format("S3cret"),
            "kept": "jdbc:mysql://db/x?user=u&password=${env:PW}&ssl=true",
        }
    )
    assert shown == {
        "connection.uri": f"mongodb://app:{MASK}@a:27017,b:27017/?authSource=admin",
        "connection.url": f"jdbc:sqlserver://db:1433;user=app;password={MASK};encrypt=true",
        "oracle.url": f"jdbc:oracle:thin:scott/{MASK}@//db:1521/x",
        "sasl.jaas.config": JAAS.format(MASK),
        "kept": "jdbc:mysql://db/x?user=u&password=${env:PW}&ssl=true",
    }


@pytest.mark.parametrize(
    "value", ["hunter2", "x.LoginModule required hunter2;", 'x.LoginModule required username="a" hunter2;']
)
def test_a_jaas_value_that_does_not_parse_is_masked_completely(value: str) -> None:
    assert mask_config({"sasl.jaas.config": value}) == {"sasl.jaas.config": MASK}


def test_unknown_jaas_options_are_treated_as_secret() -> None:
    jaas = 'x.Login required clientId="me" clientAssertion="abcdef" extension=ghijkl;'
    assert mask_config({"sasl.jaas.config": jaas})["sasl.jaas.config"] == (
        f'x.Login required clientId="me" clientAssertion="{MASK}" extension={MASK};'
    )
    assert {"abcdef", "ghijkl"} <= secret_values({"sasl.jaas.config": jaas})


def test_every_form_of_a_secret_is_collected() -> None:
    values = secret_values(
        {
            "a.password": 'pä"ss w/rd',
            "basic.auth.user.info": "user:topsecret",
            "keyfile": PEM,
            "connection.url": "https://u:enc%21oded@host/",
            "b.token": "abc",
            "c.password": "true",
        }
    )
    assert {'pä"ss w/rd', 'p\\u00e4\\"ss w/rd', "p%C3%A4%22ss%20w%2Frd", "topsecret", "user:topsecret"} <= values
    assert {"MIIEvQIBADANBgkqhkiG", "enc%21oded", "enc!oded"} <= values
    assert not {"abc", "true"} & values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET https://bob:pw@host:8083/x failed", f"GET https://bob:{MASK}@host:8083/x failed"),
        ("password=hunter2, user=x", f"password={MASK}, user=x"),
        ("{database.password=hunter2}", f"{{database.password={MASK}}}"),
        ('{"api.key": "a\\"b", "x": 1}', f'{{"api.key": "{MASK}", "x": 1}}'),
        ('body "{\\"password\\":\\"hunter2\\"}"', f'body "{{\\"password\\":\\"{MASK}\\"}}"'),
        ("  password: hunter2\n  user: x", f"  password: {MASK}\n  user: x"),
        ("Authorization: Basic dXNlcjpwYXNz", f"Authorization: Basic {MASK}"),
        ("{'Authorization': 'Bearer abc'}", f"{{'Authorization': '{MASK}'}}"),
        ("Authorization: ApiKey abcdef123", f"Authorization: ApiKey {MASK}"),
        ("Accept:x/y,X-Api-Key:12345", f"Accept:x/y,X-Api-Key:{MASK}"),
        ("sent Basic dXNlcjpwYXNz=", f"sent Basic {MASK}"),
        ("sent Bearer 0123456789abcdef", f"sent Bearer {MASK}"),
        ("key " + PEM + "rest", f"key {MASK}\nrest"),
        (
            "Invalid value hun ter2 for configuration ssl.key.password: bad",
            f"Invalid value {MASK} for configuration ssl.key.password: bad",
        ),
        (
            "Connector config {a=1, secret=x y} contains no connector type",
            f"Connector config {{{MASK}}} contains no connector type",
        ),
        ('password="hunter 2";', f'password="{MASK}";'),
    ],
)
def test_likely_secrets_in_a_text_are_masked(text: str, expected: str) -> None:
    assert mask_text(text) == expected
    assert mask_text(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Basic authentication required",
        "Bearer authentication failed",
        "Invalid value abc for configuration tasks.max: Not a number of type INT",
        "Could not fetch token: timeout",
        "AccessTokenException: expired",
        "database.password: must not be empty",
        "password=${file:/etc/s:pw}, user=x",
        "http://registry:8081/subjects/a-value/versions",
        "tasks.max=3 key.converter=x",
        "at org.apache.kafka.connect.runtime.WorkerTask.doRun(WorkerTask.java:226)",
    ],
)
def test_other_texts_are_unchanged(text: str) -> None:
    assert mask_text(text) == text


def test_overlapping_secrets_are_masked_completely() -> None:
    assert mask_text("xabcdefx", ["abcd", "cdef"]) == f"x{MASK}x"
    assert mask_text("ababab", ["abab"]) == MASK


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password=${hunter2 {of} mine", f"password={MASK} mine"),
        ("password=${env:${hunter2 of mine}", f"password={MASK}"),
        ("password: ${env:{hunter2 of mine}, x", f"password: {MASK}, x"),
    ],
)
def test_a_value_that_begins_like_a_reference_is_masked_up_to_its_brace(text: str, expected: str) -> None:
    assert mask_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password=${env:A}hunter2, x", f"password={MASK}, x"),
        ("password: ${env:A}hunter2", f"password: {MASK}"),
        ("password=${env:A}${env:B}, x", "password=${env:A}${env:B}, x"),
    ],
)
def test_what_follows_a_reference_is_masked_with_it(text: str, expected: str) -> None:
    assert mask_text(text) == expected


@pytest.mark.parametrize("value", [r"\"hunter2", r"\'hunter2", r"\\hunter2", r"\"\""])
def test_an_escaped_value_may_begin_with_a_quote_or_a_backslash(value: str) -> None:
    assert mask_text(rf"body {{\"password\":\"{value}\",\"x\":1}}").startswith(rf"body {{\"password\":\"{MASK}\"")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("""password="a, token='b" hunter2'""", f"""password="{MASK}'"""),
        ("password='token: 'hunter2'", f"password='{MASK}'{MASK}'"),
        (r"""\"password\":\"token=\",""", rf"""\"password\":\"{MASK}","""),
    ],
)
def test_a_value_that_begins_in_another_value_and_ends_later_is_masked_to_its_end(text: str, expected: str) -> None:
    assert mask_text(text) == expected


@pytest.mark.parametrize("value", ["${a:${b}", "${env:${PASSWORD}", "x${file:{b}"])
def test_a_reference_may_contain_an_opening_brace(value: str) -> None:
    """Kafka reads it up to the first closing brace (ConfigTransformer), so a worker's message shows the secret."""
    assert has_reference(value)
    message = "Invalid value {} for configuration some.key: bad"
    assert unresolved(message.format("hunter2"), {"some.key": value}) == message.format(value)
    assert literal_secret_keys({"a.password": value}) == ()


@pytest.mark.parametrize("value", ["", "${a", "${a:b", "${}", "${a}", "${a} ${b", "$a:b}"])
def test_a_text_without_a_whole_reference_has_none(value: str) -> None:
    assert not has_reference(value)


SECRET = st.text(st.characters(exclude_characters="*", exclude_categories=["Cs"]), min_size=4).filter(
    lambda text: not is_reference(text) and text.lower() not in ("true", "false", "null", "none")
)


@given(SECRET, st.sampled_from(SECRET_KEYS), st.text(), st.text())
def test_a_secret_never_survives(secret: str, key: str, before: str, after: str) -> None:
    config = {key: secret}
    known = secret_values(config)
    assert secret in known
    for form in (secret, json.dumps(secret), f"https://user:{secret}@host/"):
        assert secret not in mask_text(f"{before}{form}{after}", known)
    assert MASK in mask_config(config)[key]
    if len(secret) > 8:
        assert secret not in str(mask_config(config).values())


@given(st.lists(SECRET, max_size=5), st.text())
def test_no_secret_of_many_survives(secrets: list[str], text: str) -> None:
    masked = mask_text("".join(secrets) + text + " ".join(secrets), secrets)
    assert not [secret for secret in secrets if secret in masked]


def test_a_jaas_password_in_single_quotes_is_masked() -> None:
    """Kafka reads both kinds of quotes; what a worker says has none."""
    config = {"sasl.jaas.config": "x.PlainLoginModule required username='u' password='single;quoted';"}
    assert mask_config(config) == {"sasl.jaas.config": f"x.PlainLoginModule required username='u' password='{MASK}';"}
    assert mask_text("bad login single;quoted!", secret_values(config)) == f"bad login {MASK}!"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('password="hun', 'password="********'),
        ("password='hun, ter2", "password='********"),
        ('{\\"password\\":\\"hun', '{\\"password\\":\\"********'),
        ('password="hun\nter', 'password="********\nter'),
    ],
    ids=["double", "single", "escaped", "the next line is kept"],
)
def test_a_quoted_value_that_the_end_of_the_text_truncates_is_masked(text: str, shown: str) -> None:
    assert mask_text(text) == shown


def test_a_quote_inside_an_escaped_value_does_not_end_it() -> None:
    text = json.dumps(json.dumps({"password": 'hun"ter2', "topic": "orders"}))
    assert mask_text(text) == json.dumps(json.dumps({"password": "********", "topic": "orders"}))
