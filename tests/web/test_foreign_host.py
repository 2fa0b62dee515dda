"""The Host header of a request decides nothing: neither links nor redirects."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["//v/ABCDEFGHJK", "/v//ABCDEFGHJK", "/credentials//x", "/issuers//did.json"])
def test_no_redirect_is_written_with_the_hosts_name(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.example"})
    assert response.status_code == 404
    assert "Location" not in response.headers
    assert b"evil.example" not in response.data
