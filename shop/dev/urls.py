from django.urls import path

from shop.dev.views import mail

app_name = "dev"
urlpatterns = [
    path("mail/", mail.index, name="mailbox"),
    path("mail/<int:key>/", mail.show, name="mail"),
    path("mail/<int:key>/body/", mail.body, name="mail-body"),
    path("mail/<int:key>/<int:number>/", mail.attachment, name="mail-attachment"),
]
