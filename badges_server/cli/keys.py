"""`badges-server keys`."""

from datetime import timedelta

import click

from badges_server.cli.opening import open_server
from badges_server.cli.output import say_json
from badges_server.services import keys, profiles
from badges_server.services.keys import KeyRecord

ISSUER = click.argument("issuer")
KEY_ID = click.argument("key_id")
ALGORITHM = click.option(
    "--algorithm", type=click.Choice(keys.ALGORITHMS), default="EdDSA", show_default=True, help="EdDSA signs badges."
)


@click.group("keys")
def command() -> None:
    """Make, rotate, retire or export signing keys. ISSUER is a profile's slug, KEY_ID such as key-1."""


@command.command("list")
@click.argument("issuer", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def list_(ctx: click.Context, issuer: str | None, *, as_json: bool) -> None:
    """List the keys of ISSUER, or of all issuers, with their states."""
    with open_server(ctx).database.reading() as session:
        if issuer:
            profiles.issuer(session, issuer)
        found = keys.list_keys(session, issuer)
    if as_json:
        say_json([_json(key) for key in found])
        return
    for key in found:
        click.echo(_line(key))


@command.command("new")
@ISSUER
@ALGORITHM
@click.pass_context
def new(ctx: click.Context, issuer: str, algorithm: keys.Algorithm) -> None:
    """Prepare a new key pair; it is published and signs only after `rotate`."""
    server = open_server(ctx)
    with server.database.transaction() as session:
        click.echo(_line(keys.new_key(server, session, issuer, algorithm)))


@command.command("rotate")
@ISSUER
@ALGORITHM
@click.option("--now", "at_once", is_flag=True, help="Do not wait for caches: only for a trial on one machine.")
@click.pass_context
def rotate(ctx: click.Context, issuer: str, algorithm: keys.Algorithm, *, at_once: bool) -> None:
    """Publish the next key; called again after a day, sign with it and retire the former one."""
    server = open_server(ctx)
    wait = timedelta(0) if at_once else keys.CACHE_TIME
    with server.database.transaction() as session:
        key = keys.rotate(server, session, issuer, algorithm, cache_time=wait)
    click.echo(_line(key))
    if key.state == "published":
        click.echo(f"run this again after {key.since + wait:%Y-%m-%d %H:%M} UTC: then it signs")


@command.command("retire")
@ISSUER
@KEY_ID
@click.pass_context
def retire(ctx: click.Context, issuer: str, key_id: str) -> None:
    """Give up a published key that does not sign yet; `rotate` retires the one that signs."""
    server = open_server(ctx)
    with server.database.transaction() as session:
        click.echo(_line(keys.retire(server, session, issuer, key_id)))


@command.command("compromise")
@ISSUER
@KEY_ID
@click.confirmation_option(prompt="Every badge that this key signed stops verifying until it is reissued. Go on?")
@click.pass_context
def compromise(ctx: click.Context, issuer: str, key_id: str) -> None:
    """Declare a key stolen: it leaves every document; lists the badges to reissue."""
    server = open_server(ctx)
    with server.database.transaction() as session:
        affected = keys.compromise(server, session, issuer, key_id)
    for credential_id in affected:
        click.echo(credential_id)
    click.echo(f"{len(affected)} to sign again: badges-server reissue ID (after keys rotate)", err=True)


@command.command("export-public")
@ISSUER
@KEY_ID
@click.pass_context
def export_public(ctx: click.Context, issuer: str, key_id: str) -> None:
    """Print a public key as PEM."""
    with open_server(ctx).database.reading() as session:
        click.echo(keys.export_public(session, issuer, key_id), nl=False)


def _json(key: KeyRecord) -> dict[str, str]:
    since = f"{key.since:%Y-%m-%dT%H:%M:%SZ}"
    return {"issuer": key.issuer, "id": key.id, "algorithm": key.algorithm, "state": key.state, "since": since}


def _line(key: KeyRecord) -> str:
    return f"{key.issuer:36} {key.id:8} {key.algorithm:6} {key.state:12} since {key.since:%Y-%m-%d %H:%M}"
