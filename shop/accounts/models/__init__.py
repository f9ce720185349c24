from shop.accounts.models.address import Address
from shop.accounts.models.buyer import Buyer
from shop.accounts.models.company import Company, CompanyEntry, CompanyMember
from shop.accounts.models.group import CustomerGroup
from shop.accounts.models.seller import Seller
from shop.accounts.models.user import User

__all__ = ["Address", "Buyer", "Company", "CompanyEntry", "CompanyMember", "CustomerGroup", "Seller", "User"]
