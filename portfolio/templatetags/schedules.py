from django import template

from portfolio.schedules import late_words

register = template.Library()
register.filter("late", late_words)
