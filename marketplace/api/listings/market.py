"""The market as anybody sees it: live achievements and demands."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.listings.models import Projection

from ..doors import Door, Listed
from ..filters import PublicAchievements, PublicDemands
from .shapes import AchievementCard, AchievementShape, DemandCard, DemandShape


class Market(Listed, Door):
    """Public listings. They carry no version: nobody changes them here."""

    permission_classes = [AllowAny]
    whole: type[AchievementShape | DemandShape]

    def retrieve(self, request: Request, id: str) -> Response:
        return Response(self.whole(self.get_object(), context=self.get_serializer_context()).data)


class Achievements(Market):
    """Results offered for transfer."""

    queryset = Projection.objects.filter(kind=Projection.Kind.ACHIEVEMENT).select_related("achievement")
    serializer_class = AchievementCard
    whole = AchievementShape
    filterset_class = PublicAchievements

    @extend_schema(responses=AchievementShape)
    def retrieve(self, request: Request, id: str) -> Response:
        """All that this reader may see of one achievement."""
        return super().retrieve(request, id)


class Demands(Market):
    """Problems that someone will pay to solve."""

    queryset = Projection.objects.filter(kind=Projection.Kind.DEMAND).select_related("demand")
    serializer_class = DemandCard
    whole = DemandShape
    filterset_class = PublicDemands

    @extend_schema(responses=DemandShape)
    def retrieve(self, request: Request, id: str) -> Response:
        """All that this reader may see of one demand."""
        return super().retrieve(request, id)
