"""Branches of the tree by their names, made where they are missing."""

from catalog.importing.texts import slug_of
from catalog.models import Category


class Tree:
    """The tree as it is in this transaction."""

    def __init__(self) -> None:
        self._slugs: set[str] = set()
        self._pks: dict[tuple[str, ...], int] = {}
        names: dict[str, tuple[str, ...]] = {}
        for pk, path, name, slug in Category.objects.order_by("path").values_list(
            "pk", "path", "name", "slug"
        ):
            names[path] = (*names.get(path[: -Category.steplen], ()), name)
            self._pks.setdefault(names[path], pk)
            self._slugs.add(slug)

    def leaf(self, path: tuple[str, ...]) -> int:
        """The id of the branch; it and what is missing above it are made."""
        if path not in self._pks:
            fields = {"name": path[-1], "slug": self._free_slug(path)}
            if len(path) == 1:
                made = Category.objects.add_root(fields)
            else:
                made = Category.objects.add_child(Category.objects.get(pk=self.leaf(path[:-1])), fields)
            self._pks[path] = made.pk
        return self._pks[path]

    def _free_slug(self, path: tuple[str, ...]) -> str:
        """ "kitchen", else with the names above, else with a number."""
        short = slug_of(path[-1], most=90, otherwise="category")
        long = slug_of(" ".join(path), most=90, otherwise="category")
        numbered = (f"{long}-{number}" for number in range(2, 10_000))
        slug = next(slug for slug in (short, long, *numbered) if slug not in self._slugs)
        self._slugs.add(slug)
        return slug
