"""Says who calls with an access token: the person, or for a program the person who answers for it."""

from allauth.idp.oidc.contrib.rest_framework.authentication import TokenAuthentication as OidcTokenAuthentication
from allauth.idp.oidc.models import Token
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from oauthlib.oauth2 import OAuth2Error
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from marketplace.parties.models import User

READ, WRITE = "market.read", "market.write"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` with a token of this platform's OAuth 2 server.

    A client-credentials token has no user of its own: it acts for the owner of its client, with that person's
    roles of this moment and within its scopes. A wrong token is refused, never taken for a visitor.
    """

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        if not request.headers.get("Authorization", "").lower().startswith("bearer"):
            return None
        user, token = self.verified(request._request)
        if user is None or not user.is_active:
            raise AuthenticationFailed(_("The access token acts for nobody."))
        needed = READ if request.method in SAFE_METHODS else WRITE
        if needed not in token.get_scopes():
            sentence = _("The access token needs the scope %(scope)s for this.") % {"scope": needed}
            raise PermissionDenied(sentence, code="insufficient_scope")
        return user, token

    def verified(self, request: HttpRequest) -> tuple[User | None, Token]:
        try:
            found = OidcTokenAuthentication().authenticate(request)
        except (ValueError, OAuth2Error) as fault:  # an address that the library cannot read
            raise AuthenticationFailed(_("The access token cannot be checked for this address.")) from fault
        if found is None or found[1] is None:
            raise AuthenticationFailed(_("The access token is wrong or has expired."))
        user, token = found
        return user or token.client.owner, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
