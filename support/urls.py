from django.urls import path

from support.views import contact, faq, ticket

app_name = "support"
urlpatterns = [
    path("contact/", contact.write, name="contact"),
    path("contact/sent/", contact.sent, name="sent"),
    path("help/faq/", faq.show, name="faq"),
    path("tickets/<slug:token>/", ticket.show, name="ticket"),
    path("tickets/<slug:token>/messages/", ticket.write, name="messages"),
]
