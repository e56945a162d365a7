from django.urls import path

from assignments.views import petition_steps, petitions

app_name = "assignments"

urlpatterns = [
    path("kien-nghi/", petitions.petitions, name="petitions"),
    path("kien-nghi/xuat/", petitions.export, name="petitions_export"),
    path("kien-nghi/moi/", petition_steps.new, name="petition_new"),
    path("kien-nghi/<uuid:uuid>/", petitions.petition, name="petition"),
    path("kien-nghi/<uuid:uuid>/<slug:name>/", petition_steps.step, name="petition_step"),
]
