from django.urls import path

from support.views import contact, faq, ticket

app_name = "support"
urlpatterns = [
    path("contact/", contact.write, name="contact"),
    path("contact/sent/", contact.sent, name="sent"),
    path("help/faq/", faq.show, name="faq"),
    path("tickets/<str:token>/", ticket.show, name="ticket"),
    path("tickets/<str:token>/messages/", ticket.write, name="messages"),
]
