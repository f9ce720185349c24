from itertools import groupby

from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.core.http import shared_page
from shop.core.models import told
from support.models import FaqEntry


@shared_page
@require_safe
def show(request):
    entries = [told(entry) for entry in FaqEntry.objects.filter(is_published=True)]
    order = {topic: at for at, topic in enumerate(dict.fromkeys(entry.topic for entry in entries))}
    by_topic = groupby(sorted(entries, key=lambda entry: order[entry.topic]), key=lambda entry: entry.topic)
    topics = [{"name": topic, "entries": list(found)} for topic, found in by_topic]
    return render(request, "support/faq.html", {"topics": topics})
