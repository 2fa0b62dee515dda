"""The one blueprint of this folder."""

from flask import Blueprint

blueprint = Blueprint("verify", __name__)
